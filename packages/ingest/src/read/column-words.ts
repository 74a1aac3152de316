/**
 * Words that head the name of a column and are hardly ever a value: only a name with one of them is told. None of them
 * is a given name, family name or nickname of our tables, but for `dob`, which no system writes otherwise.
 */
const HEADS = words(`
  addr address addresses amount birthdate birthday category cd city code codes comment comments count
  country county date dateofbirth dates datetime dayid descriptor description desc dob duration dt email emails
  enddate entrydate ethnicity exitdate fax firstname flag flags fullname gender grade gradelevel grades guid
  homeroom hours id identifier identifiers ids index indicator initial language lasid lastname latitude level
  longitude middlename minutes mobile mrn name names nbr note notes num number numbers password percent phone phones
  position postal prefix pwd quantity rate reason ref reference remarks room sasid schoolid score sequence sex ssn
  startdate stateid status studentid suffix surname telephone text time timestamp timestamps title total type types
  url username userid uuid value version year years yn zip zipcode`);

/** Words that stand beside them. Many of them are values too, so alone none is told. */
const OTHERS = words(`
  a absence absences absent academic access account action active activity ada additional adm admission adult advisor
  after age agency agent alert alerts alias all allergy alternative american an and annual answer any arrival assigned
  assistance at attend attendance attended att authorised authorized award badge band bank base basis before begin
  birth block boolean born building bus by calculate calendar campus card care case center child children childs
  choice citizenship class client clinic club cohort college communication complete completed completion condition
  consent contact contacts contained counselor course created creation credit current custom customer daily data day
  days deceased degree delivery demographic demographics departure dental detail details diagnosis direct directory
  disability discipline dismissed dismissal display distance district do document documents does doctor economic
  education educational effective eld elementary eligibility eligible ell emergency employed employer enabled end
  english enroll enrolled enrollment enrolment enter entered entity entry environment event exam excuse excused exit
  ext extension external facility family father federal fee female field file first flex for formula foster free
  frequency from full funding general generation given glasses goal grad graduated graduation group grp guardian guardians has
  health hearing high his hispanic history home homeless household iep if immigrant import imported in inactive income
  individual info information insurance internal international is issue key last late latino learner leave left legal
  lep limited link list liaison local location lookup lunch mail mailing maiden main male marital master match maximum
  measurement medicaid medical member membership meta method middle migrant military minimum minor mode modified month
  mother mr my native need needs new next nickname no non nurse object of off office official old on only option or
  order org organization original other our out outcome owner paid parent parents part participant participation patient pay
  payer payment pending per period permission permit person personal photo physical pickup place placement plan plans
  please policy practitioner preferred presence present previous primary prior private proficiency program programme
  pronouns provider province public pupil purpose qualified quarter question race races read record records reduced
  referral referred region registered registration relation relationship release religion repeat report reported
  request requester required residence residency resident resource response result return role route row rule rules
  scheduled school scholar screened screening search second secondary section sections select semester sent service
  services session setting shift short sibling sign signed sis site size sms source sourced special sped staff start
  state stop street student students subject submission submitted summer supervisor support surrogate survey system
  tag tardy teacher team telecom temp term test the this tier to track transaction transfer transition transport
  transportation trip two types unexcused uniform unit update updated upload urgent us use user usual vaccine
  valid vendor verified view visa visit visits waiting was week weekly what when where which while who will with
  withdraw withdrawal withdrawn work worker x y yearly yes you your n found`);

/** Columns that systems number: fields of PID in HL7, data elements of SIMS. Segments of HL7 that stand beside PID. */
const NUMBERED = /^(?:PID-\d{1,2}|DOE\d{3})$/;
const SEGMENTS = words('PV1 PV2 NK1 AL1 DG1 DRG PR1 GT1 IN1 IN2 IN3 OBX OBR ORC NTE PD1 DB1 UB1 UB2 MRG SFT');

const LONGEST = 100;

/**
 * Whether a name that nobody has listed can only be a column's: it consists of our own words for columns and of nothing
 * else. A cell of a header that is anything else may hold a child's value, since a lost line break or quote joins
 * a row to it, and a value overwrites it.
 */
export function isColumnName(name: string): boolean {
  if (NUMBERED.test(name) || SEGMENTS.has(name)) return true;
  if (name.length > LONGEST || /[^A-Za-z\s_.:/()?,*#-]/.test(name.replace(/['’]s\b/g, 's'))) return false;
  const parts = partsOf(name);
  return parts.some((part) => HEADS.has(part)) && parts.every((part) => HEADS.has(part) || OTHERS.has(part));
}

/** `studentGradeLevel`, `STUDENT_GRADE_LEVEL` and `Student's grade level` are of the same words. */
const partsOf = (name: string): string[] =>
  name
    .replace(/['’]s\b/g, 's')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((part) => part !== '');

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
