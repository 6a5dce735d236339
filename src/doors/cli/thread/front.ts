import { parentPort, workerData } from 'node:worker_threads'
import { features } from '../../../features/index.ts'
import { Scrubber } from '../../../project/secret/scrubber.ts'
import { hintWords } from '../../../report/hint-words.ts'
import type { FrontMessage } from '../../http/context/message.ts'
import { type FrontHost, type FrontStart, runFront } from '../../http/front-thread.ts'
import { verifyInThread } from '../../http/rehearse-thread.ts'
import { faultOf } from '../../http/request/readable.ts'
import { exitCodeOfFault } from '../outcome/exit-code.ts'
import { threadModule } from './thread-module.ts'

export interface FrontJob extends FrontStart {
  readonly cwd: string
}

const port = parentPort
if (port !== null) {
  const { cwd, ...start } = workerData as FrontJob
  const say = (message: FrontMessage) => port.postMessage(message)
  // The main thread has said which secrets are ordinary words.
  const scrubber = new Scrubber()
  const verify = () => verifyInThread(threadModule('verify'), { cwd, place: start.place })
  const host: FrontHost = {
    env: process.env,
    cwd,
    scrubber,
    words: hintWords,
    features,
    exitCodeOf: exitCodeOfFault,
    verify,
  }
  runFront(port, host, start).catch((error: unknown) => {
    say({ kind: 'unable', fault: faultOf(error) })
    port.close()
  })
}
