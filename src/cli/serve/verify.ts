import { parentPort, workerData } from 'node:worker_threads'
import { verifyAsItLies } from '../../app/audit/verify-record.ts'
import { openProject } from '../../app/project.ts'
import { Scrubber } from '../../secret/scrubber.ts'
import { faultOf } from '../../server/fault.ts'
import type { VerifyAnswer, VerifyJob } from '../../server/verify-thread.ts'
import { hintWords } from '../hint-words.ts'

parentPort?.postMessage(answerFor(workerData as VerifyJob))

function answerFor({ cwd, place }: VerifyJob): VerifyAnswer {
  const host = { env: process.env, cwd, scrubber: new Scrubber(), words: hintWords }
  try {
    return { kind: 'found', found: verifyAsItLies(host, openProject(host, place)) }
  } catch (error) {
    return { kind: 'failed', fault: faultOf(error) }
  }
}
