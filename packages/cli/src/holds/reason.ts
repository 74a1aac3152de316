/** What a reason must be: a sentence on one line, without characters that nobody sees. */
export const REASON_RULE = 'A reason of 3 to 400 characters on one line is expected.';

export const isReason = (text: string): boolean =>
  /^[^\p{Cc}\p{Cf}]{3,400}$/u.test(text) && text.trim().length >= 3;
