/**
 * Into how many parts a match is divided where the linkage unit tells the desk how sure a record's links are. Finer parts
 * would tell two records of one doubtful pair by their equal numbers.
 */
export const CERTAINTY_PARTS = 4;
