/**
 * A file of an artifact, or one part of a path: ASCII letters, digits, `.`, `_` and `-`, first and last a letter or digit. Thus no path, no
 * hidden file, no other spelling on another system, and nothing outside its folder.
 */
export const fileNameForm = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/;
