import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWire, wireString, wireUint32 } from './wire.js';

const field = (...bytes: number[]) => wireString(Uint8Array.from(bytes));

describe('the wire encoding of SSH', () => {
  it('reads what is written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.uint8Array({ maxLength: 40 }),
        (number, bytes) => {
          const wire = readWire(Uint8Array.from([...wireUint32(number), ...wireString(bytes), 7]));
          expect([wire.uint32(), wire.string(), wire.byte(), wire.ended()]).toEqual([number, bytes, 7, true]);
        },
      ),
    );
  });

  it('has not ended while something is left, nor when something was missing', () => {
    expect(readWire(Uint8Array.of(1)).ended()).toBe(false);
    const short = readWire(Uint8Array.of(0, 0, 0, 2, 1));
    expect(short.string()).toHaveLength(0);
    expect(short.ended()).toBe(false);
    const huge = readWire(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1, 2, 3));
    expect([huge.string().length, huge.ended()]).toEqual([0, false]);
    const empty = readWire(new Uint8Array());
    expect([empty.uint32(), empty.byte(), empty.text(), empty.ended()]).toEqual([0, 0, '', false]);
  });

  // RFC 4251, section 5: the examples of mpint, and the forms it forbids.
  it.each([
    [
      [0x09, 0xa3, 0x78],
      [0x09, 0xa3, 0x78],
    ],
    [[0x00, 0x80], [0x80]],
  ])('reads the integer %j', (bytes, value) => {
    const wire = readWire(field(...bytes));
    expect([...wire.mpint()]).toEqual(value);
    expect(wire.ended()).toBe(true);
  });

  it.each([
    [[]],
    [[0x00]],
    [[0xed, 0xcc]],
    [[0x00, 0x7f]],
    [[0x00, 0x00, 0x80]],
  ])('refuses the integer %j: zero, negative or not minimal', (bytes) => {
    const wire = readWire(field(...bytes));
    wire.mpint();
    expect(wire.ended()).toBe(false);
  });

  it.each([[[0x00]], [[0x61, 0x00]], [[0x0a]], [[0x7f]], [[0xc3, 0xa9]]])('refuses %j as a text', (bytes) => {
    const wire = readWire(field(...bytes));
    wire.text();
    expect(wire.ended()).toBe(false);
  });
});
