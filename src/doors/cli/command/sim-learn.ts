import { readRecording } from '../../../features/conformance/kit/recording.ts'
import { learn, learnedText, settingsOf } from '../../../lab/learn/learn.ts'
import { orProblems } from '../../../project/system/process/input-error.ts'
import { readConfigText } from '../../../project/system/process/read-config.ts'
import type { Invocation } from '../terminal/io.ts'

/** What a recording of the conformance kit says about the simulator: settings, and the answers that it gives otherwise. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const [file = ''] = args
  const learned = await learn(orProblems(readRecording(readConfigText(io, file), file)))
  const document = { version: 1, kind: 'sim-learn', ...learned, settings: settingsOf(learned.facts) }
  io.out(global.json ? `${JSON.stringify(document)}\n` : `${learnedText(learned)}\n`)
  return 0
}
