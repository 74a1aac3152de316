import { type Approver, allowedSignersText } from '@throughline/agreement';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';

/** Prints everybody who may approve a document on the day, with the document that says so, in OpenSSH's own form. */
export function approvers({ documents, day }: Project, effects: Effects): void {
  effects.stdout(`# Who may approve, on ${day}. Check a signature with:\n`);
  effects.stdout(
    '#   ssh-keygen -Y verify -n throughline -f <this file> -I <person> -s <document>.<person>.sig < <document>\n',
  );
  for (const { document } of documents.emous) tell(document.id, document.approvers, effects);
  for (const { document } of documents.dsas) {
    const people = document.approvers.map((each) => ({
      ...each,
      party: document.partner,
      approves: ['manifest' as const],
    }));
    tell(document.id, people, effects);
  }
}

function tell(source: string, people: readonly Approver[], effects: Effects): void {
  effects.stdout(`# ${source}\n`);
  for (const each of people) {
    effects.stdout(
      `# ${each.person}: ${each.name}, ${each.role}; ${each.party}; ${each.approves.join(', ')}\n`,
    );
    effects.stdout(allowedSignersText([each]));
  }
}
