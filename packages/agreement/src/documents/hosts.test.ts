import { describe, expect, it } from 'vitest';
import { type AgreedHost, hostProblems } from './hosts.js';

const key = (name: string) => ({
  public_key: `ssh-ed25519 ${name}`,
  valid_from: '2026-01-01',
  valid_until: '2026-12-31',
});
const host = (name: string, plays: string[], changes: Partial<AgreedHost> = {}): AgreedHost => ({
  host: name,
  plays,
  keys: [key(name)],
  recipient: `age1${name}`,
  ...changes,
});
const school = host('school', ['district']);
const clinic = host('clinic', ['health', 'keyholder']);
const hub = host('hub', ['linkage-unit', 'analyst-desk']);
const problems = (...hosts: AgreedHost[]) =>
  hostProblems(hosts, { parties: ['district', 'health'], approvers: [{ keys: [key('approver')] }] });

describe('the hosts of a memorandum', () => {
  it('may be none, a hub and partners, or a host for each role', () => {
    expect(problems()).toEqual([]);
    expect(problems(school, clinic, hub)).toEqual([]);
    expect(
      problems(
        school,
        host('links', ['linkage-unit']),
        host('desk', ['analyst-desk']),
        host('keys', ['keyholder']),
      ),
    ).toEqual([]);
    expect(problems(school, hub)).toEqual([]);
  });

  it.each<[string, RegExp, readonly AgreedHost[]]>([
    [
      'a host twice',
      /each host once/,
      [school, host('school', ['health'], { keys: [key('x')], recipient: 'age1x' }), hub],
    ],
    [
      'a recipient twice',
      /recipient of its own/,
      [school, host('b', ['health'], { recipient: 'age1school' }), hub],
    ],
    [
      'a key twice',
      /signing key of its own/,
      [school, host('b', ['health'], { keys: [key('school')] }), hub],
    ],
    [
      'the key of an approver',
      /of no approver/,
      [host('school', ['district'], { keys: [key('approver')] }), hub],
    ],
    ['a partner at two hosts', /each role and each party/, [school, host('b', ['district']), hub]],
    ['two linkage units', /each role and each party/, [school, hub, host('b', ['linkage-unit'])]],
    ['nobody who counts', /linkage unit and an analyst desk/, [school, host('hub', ['linkage-unit'])]],
    ['a stranger', /roles and parties only/, [host('a', ['nobody']), hub]],
    [
      'a partner who links',
      /no host that is both/,
      [host('a', ['district', 'linkage-unit']), host('b', ['analyst-desk'])],
    ],
    [
      'a partner who counts',
      /no host that is both/,
      [host('a', ['district', 'analyst-desk']), host('b', ['linkage-unit'])],
    ],
    ['two partners in one', /no host that is both/, [host('a', ['district', 'health']), hub]],
    [
      'a keyholder who links',
      /no host that is both/,
      [school, host('a', ['keyholder', 'linkage-unit']), host('b', ['analyst-desk'])],
    ],
    [
      'a keyholder who counts',
      /no host that is both/,
      [school, host('a', ['keyholder', 'analyst-desk']), host('b', ['linkage-unit'])],
    ],
  ])('are refused with %s', (_, rule, hosts) => {
    expect(problems(...hosts).join()).toMatch(rule);
  });
});
