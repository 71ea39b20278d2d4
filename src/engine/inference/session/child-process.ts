/** Sessions as child processes: the command line and tests. */
import { sessionEnvironment } from '../../../contract/session-environment';
import type { FromSession } from './messages';
import type { SessionProcess } from './client';

const KEPT_OUTPUT = 4000;

/** `program`: the built `program.ts`. */
export function startChildProcess(program: string): SessionProcess {
  // Loaded here: commands that run no model start a millisecond earlier.
  const { fork } = process.getBuiltinModule('node:child_process');
  const child = fork(program, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: sessionEnvironment(process.env),
  });
  let output = '';
  child.stderr?.on('data', (text: Buffer) => (output = (output + text.toString()).slice(-KEPT_OUTPUT)));
  return {
    post: (message) => {
      if (child.connected) child.send(message);
    },
    receive: (listener) => child.on('message', (message) => listener(message as FromSession)),
    ended: (listener) => {
      let isTold = false;
      const tell = (how: string): void => {
        if (!isTold) listener(how, output);
        isTold = true;
      };
      child.on('error', (error) => tell(error.message));
      child.on('close', (code, signal) => tell(signal === null ? `code ${code}` : `signal ${signal}`));
    },
    kill: () => child.kill('SIGKILL'),
  };
}
