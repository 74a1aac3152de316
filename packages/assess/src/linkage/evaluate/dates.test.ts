import { describe, expect, it } from 'vitest';
import { datesOf } from './dates.js';

describe('datesOf', () => {
  it.each([
    ['YYYYMMDD', '19151111', '1915-11-11'],
    ['YYYY-MM-DD', '2014-09-03', '2014-09-03'],
    ['YYYY-MM-DD', '2014-09-03T00:00:00', '2014-09-03'],
    ['MM/DD/YYYY', '9/3/2014', '2014-09-03'],
    ['M/D/YY', '9/3/14', '2014-09-03'],
    ['DD.MM.YYYY', '03.09.2014', '2014-09-03'],
    ['YYYY', '1958', '1958'],
    ['YYYYMMDD', '20140931', '2014-09'],
    ['YYYYMMDD', '20141331', '2014'],
    ['YYYYMMDD', '20160229', '2016-02-29'],
    ['YYYYMMDD', '20150229', '2015-02'],
  ])('reads %s as far as it is a date', (format, text, expected) => {
    expect(datesOf(format)(text)).toBe(expected);
  });

  it.each([
    ['YYYYMMDD', '2014-09-03'],
    ['YYYY-MM-DD', ''],
    ['YYYY-MM-DD', '0014-09-03'],
    ['MM/DD/YYYY', 'yesterday'],
  ])('reads nothing that is not of %s', (format, text) => {
    expect(datesOf(format)(text)).toBeNull();
  });
});
