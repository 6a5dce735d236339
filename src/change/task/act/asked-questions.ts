import type { Look } from '../../../eos/device/device.ts'
import type { Command } from '../../../model/command.ts'
import type { RefusedQuestion } from '../../../model/refused-question.ts'
import type { TaskContext } from './context.ts'
import { read } from './read.ts'

export async function refusedIn(
  context: TaskContext<unknown>,
  name: string,
  commands: readonly Command[],
  { replies }: Look,
): Promise<readonly RefusedQuestion[]> {
  const { change, checks, clock } = context
  if (commands.length === 0) return []
  const given = { device: name, baseline: await change.baseline(name), now: clock.now() / 1000 }
  return checks.refused(commands, replies, given)
}

/** Throws `refused` where switches refuse what the verification will ask, unless the plan makes what it is about. */
export async function requireAnswers(
  context: TaskContext<unknown>,
  refused: readonly RefusedQuestion[],
): Promise<void> {
  const runningOf = async (name: string) => (await read(context, name, (device) => device.readConfig())).running
  await context.questions.require(refused, runningOf)
}
