import type { IdentifierRole } from '@throughline/agreement';

/** Words that systems write where they know nothing. Only words of this list are ever told of a file. */
export const NULL_WORDS: readonly string[] = [
  'NULL',
  'null',
  '\\N',
  'N/A',
  'n/a',
  'NA',
  '#N/A',
  '.',
  '-',
  '--',
  'UNK',
  'Unknown',
  'UNKNOWN',
  'unknown',
  'None',
  'NONE',
  'none',
  'NMN',
  'NMI',
  'FNU',
  'LNU',
  '00000000',
  '0000-00-00',
  '1/1/1900',
  '01/01/1900',
  '1900-01-01',
  '19000101',
  '01/01/YYYY',
  '999-99-9999',
  '999999999',
  '1234567890',
  'Not Reported',
  'Not Selected',
  'Not Available',
  'N',
].filter((word) => word !== 'N');

const grades = (first: number, digits: number): [string, string][] =>
  Array.from({ length: 13 - first }, (_, index) => {
    const grade = String(first + index);
    return [grade.padStart(digits, '0'), grade.padStart(2, '0')];
  });

/** Codes that many systems share, by what they become; only codes of these lists are ever told of a file. */
export const CODE_LISTS = {
  grade: new Map([
    ...['PK', 'PPK', 'OOPK', 'TK', 'EE', 'P3', 'P4', 'Pre-K', '-1', '-2'].map((code): [string, string] => [
      code,
      'PK',
    ]),
    ...['K', 'KF', 'KG', 'KP', 'KT', '0', '00', 'Kindergarten'].map((code): [string, string] => [code, 'K']),
    ...grades(1, 1),
    ...grades(1, 2),
    ...['SP', 'UG', 'XG', '99'].map((code): [string, string] => [code, 'unknown']),
  ]),
  sex: new Map([
    ...['F', 'f', 'Female', 'female', 'FEMALE', 'Girl'].map((code): [string, string] => [code, 'F']),
    ...['M', 'm', 'Male', 'male', 'MALE', 'Boy'].map((code): [string, string] => [code, 'M']),
    ...['X', 'x', 'N', 'Nonbinary', 'Non-binary', 'Other'].map((code): [string, string] => [code, 'X']),
    ...['U', 'Unknown'].map((code): [string, string] => [code, 'unknown']),
  ]),
  yesNo: new Map([
    ...['Y', 'y', 'Yes', 'yes', 'YES', '1', 'true', 'TRUE', 'True', 'T', 'x', 'X'].map(
      (code): [string, string] => [code, 'yes'],
    ),
    ...['N', 'n', 'No', 'no', 'NO', '0', 'false', 'FALSE', 'False'].map((code): [string, string] => [
      code,
      'no',
    ]),
    ...['pending', 'Pending', 'U'].map((code): [string, string] => [code, 'unknown']),
  ]),
  race: new Map([
    ['American Indian or Alaska Native', 'native'],
    ['Asian', 'asian'],
    ['Black or African American', 'black'],
    ['Black', 'black'],
    ['Native Hawaiian or Other Pacific Islander', 'pacific'],
    ['White', 'white'],
    ['Two or More', 'multiple'],
    ['Two or More Races', 'multiple'],
    ['Multiple', 'multiple'],
    ['Other', 'other'],
    ['2106-3', 'white'],
    ['2054-5', 'black'],
    ['2028-9', 'asian'],
    ['1002-5', 'native'],
    ['2076-8', 'pacific'],
    ['2131-1', 'other'],
  ]),
} as const satisfies Record<string, ReadonlyMap<string, string>>;
export type CodeList = keyof typeof CODE_LISTS;

/** What a column may be: an identifier, or a group or day that measures count. */
export type Meaning =
  | { readonly identifier: IdentifierRole; readonly words: string }
  | { readonly column: string; readonly list?: CodeList; readonly words: string }
  | { readonly unwanted: 'refuse' | 'drop'; readonly words: string };

/** Names of columns, folded to letters and digits, and what they usually are; the first that fits. */
export const MEANINGS: readonly (readonly [RegExp, Meaning])[] = [
  [
    /^(?:.*(?:ssn|socialsecurity|socsecid|socsec)(?:number|no)?|ssn.*|passwords?|pwd)$/,
    { unwanted: 'refuse', words: 'a social-security number or a password' },
  ],
  [/(?:notes?|comments?|memo|remarks?|narrative|description)$/, { unwanted: 'drop', words: 'free text' }],
  [/(?:counselor|teacher|homeroom|liaison|staff|provider)/, { unwanted: 'drop', words: 'about staff' }],
  [
    /(?:guardian|parent|mother|father|contact)(?:s)?(?:full)?name$|^guardian$/,
    { identifier: 'guardian', words: 'the name of a guardian' },
  ],
  [/^(?:school|campus|building)(?:id|name|number|code|localid)?$/, { column: 'school', words: 'the school' }],
  [
    /(?:^|state)(?:state)(?:student)?(?:id|number|no)$|stateid$|^sasid$|^ssid$|stidstate|^doe002$|^cid$/,
    { identifier: 'state_id', words: 'the state student number' },
  ],
  [
    /^(?:student|local|district|sis|school|pupil|lasid|std|stu)*(?:student)?(?:id|idlocal|number|num|no)$|localid$|studentnumber$|^lasid$|^doe001$|^nameid$/,
    { identifier: 'district_id', words: "a number of the child's" },
  ],
  [
    /^(?:legal|student|child|childs|participant|patient|official)*(?:first|given|fore)(?:name)?$|firstname$|givennames?$|^fname$|^fn$/,
    { identifier: 'first', words: 'the given name' },
  ],
  [/middle(?:name|initial)?$|^mi$|^mname$|^mn$/, { identifier: 'middle', words: 'the middle name' }],
  [
    /^(?:legal|student|child|childs|participant|patient|official)*(?:last|family|sur)(?:name)?$|lastname$|familyname$|surname$|^lname$|^ln$/,
    { identifier: 'last', words: 'the family name' },
  ],
  [
    /^(?:student|child|childs|full|participant|patient)*name$|fullname$/,
    { identifier: 'full_name_first_last', words: 'the whole name' },
  ],
  [
    /birth(?:date|day)?$|dateofbirth$|^(?:student|child|patient)?dob$|birthdt$/,
    { identifier: 'birth_date', words: 'the birth date' },
  ],
  [/(?:gender|sex)$|^gendermalefemale$/, { identifier: 'sex', words: 'the sex' }],
  [/(?:zip|postal|post)(?:code|5)?$/, { identifier: 'zip', words: 'the ZIP code' }],
  [
    /(?:street|address)(?:1|line1|line)?$|^addr1?$|streetaddress$/,
    { identifier: 'address', words: 'the street address' },
  ],
  [/(?:phone|mobile|cell|telephone)(?:number|no|1)?$/, { identifier: 'phone', words: 'a telephone number' }],
  [/e?mail(?:address)?$/, { identifier: 'email', words: 'an e-mail address' }],
  [
    /^(?:student|child|current|entry)?grade(?:level)?$/,
    { column: 'grade', list: 'grade', words: 'the grade' },
  ],
  [/hispanic|latino|^ethcd$/, { column: 'hispanic', list: 'yesNo', words: 'Hispanic or Latino' }],
  [/race|ethnicity/, { column: 'race', list: 'race', words: 'race or ethnicity' }],
  [/lunch|frl|lowincome|economic/, { column: 'low_income', list: 'yesNo', words: 'low income' }],
  [
    /englishlearner|^lep|limitedenglish|^ell?$|^esl$/,
    { column: 'english_learner', list: 'yesNo', words: 'English learner' },
  ],
  [/disabilit|sped|iep/, { column: 'disability', list: 'yesNo', words: 'disability' }],
  [/language/, { column: 'home_language', words: 'the language at home' }],
  [
    /attended|attendance|present|checkedin/,
    { column: 'attended', list: 'yesNo', words: 'whether the child came' },
  ],
  [/^(?:absent|absence)$/, { column: 'absent', list: 'yesNo', words: 'whether the child was absent' }],
  [/excused?$/, { column: 'excused', list: 'yesNo', words: 'whether the absence was excused' }],
  [
    /(?:session|service|event|attendance|att|absence|visit|swipe|class)?(?:date|day|time)$|^timestamp$/,
    { column: 'day', words: 'a day' },
  ],
  [/hours?$/, { column: 'minutes', words: 'hours' }],
  [/(?:^|_)?site|location|center|centre/, { column: 'site', words: 'a site' }],
  [/activity|program(?:me)?(?:name)?$|course|^class(?:name)?$/, { column: 'activity', words: 'an activity' }],
];

export const folded = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** By the whole name, its last member, or a question without what explains it on further lines or in brackets. */
export function meaningOf(name: string): Meaning | undefined {
  const question = (name.split(/[\r\n(:]/)[0] ?? '').replace(
    /^(?:what is|enter|please enter)\b|\b(?:the|your)\b/gi,
    '',
  );
  const forms = [name.split('.').at(-1) ?? '', name, question].map(folded);
  return MEANINGS.find(([form]) => forms.some((each) => each !== '' && form.test(each)))?.[1];
}
