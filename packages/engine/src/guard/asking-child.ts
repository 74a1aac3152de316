import { openQuestions, type Questions } from '../database/questions.js';
import type { Opening, Question, Said } from './asking.js';

const tell = (said: Said): void => {
  if (process.connected) process.send?.(said);
};

async function answer(database: Questions, { number, question, limits }: Question): Promise<void> {
  tell({ number, answer: await database.ask(question, limits) });
}

function answerAll(database: Questions): void {
  process.once('message', (question: Question) => {
    answerAll(database);
    void answer(database, question);
  });
}

/** The first message opens the file, every other one is a question. Without its parent the process has nothing to wait for. */
process.once('message', async ({ path, limits }: Opening) => {
  answerAll(await openQuestions(path, limits));
  tell({ ready: true });
});
