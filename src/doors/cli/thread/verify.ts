import { getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { features } from '../../../features/index.ts'
import { openProject } from '../../../project/files/project.ts'
import { verifyAsItLies } from '../../../project/record/audit/verify-record.ts'
import { Scrubber } from '../../../project/secret/scrubber.ts'
import { hintWords } from '../../../report/hint-words.ts'
import type { VerifyAnswer, VerifyJob } from '../../http/rehearse-thread.ts'
import { faultOf } from '../../http/request/readable.ts'

// So much lower is the priority of this thread (setpriority(2)): nobody waits for it.
const LOWER = 5
const LOWEST = 19

if (parentPort !== null) {
  // Linux sets the priority of the thread that asks (setpriority(2), C library/kernel differences); elsewhere it would be that of the process.
  if (process.platform === 'linux') setPriority(Math.min(LOWEST, getPriority() + LOWER))
  const port = parentPort
  void answerFor(workerData as VerifyJob).then((answer) => port.postMessage(answer))
}

async function answerFor({ cwd, place }: VerifyJob): Promise<VerifyAnswer> {
  const host = { env: process.env, cwd, scrubber: new Scrubber(), words: hintWords, features }
  try {
    return { kind: 'found', found: await verifyAsItLies(host, openProject(host, place)) }
  } catch (error) {
    return { kind: 'failed', fault: faultOf(error) }
  }
}
