import { describe, expect, it } from 'vitest';
import { dark, light, marks, type Palette, surfaces, texts } from './palette.js';

/** Relative luminance and contrast ratio: WCAG 2.2, "relative luminance" and "contrast ratio". */
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (a: string, b: string): number => {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (lighter + 0.05) / (darker + 0.05);
};

const TEXT_AA = 4.5;
const GRAPHICS_AA = 3;

describe.each<[string, Palette]>([
  ['light', light],
  ['dark', dark],
])('the %s palette', (_, palette) => {
  it.each(texts)('%s can be read on every surface', (text) => {
    for (const surface of surfaces) {
      expect(contrast(palette[text], palette[surface]), surface).toBeGreaterThanOrEqual(TEXT_AA);
    }
  });

  it.each(marks)('%s stands out from card and track', (mark) => {
    for (const surface of ['card', 'track', 'page'] as const) {
      expect(contrast(palette[mark], palette[surface]), surface).toBeGreaterThanOrEqual(GRAPHICS_AA);
    }
  });
});
