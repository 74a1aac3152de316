import type { ChildProcess } from 'node:child_process';

/** The address that a server of ours prints when it begins to answer. */
export const addressOf = (started: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    started.stdout?.on('data', (piece) => {
      said += piece;
      const found = /(http:\/\/127\.0\.0\.1:\d+\/\S*)\s/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    started.on('exit', () => reject(new Error('the server ended')));
  });
