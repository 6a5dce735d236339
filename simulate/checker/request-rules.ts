import { changes, type Verb } from '../verbs.ts'
import { Violation } from '../violation.ts'
import type { Sent } from '../watch.ts'
import type { Decisions } from './decisions.ts'
import { keyOf } from './journal-rules.ts'
import type { OfExecution, OnDevice } from './record.ts'

/** What must hold of a request when it leaves: I11, I13, I15, I17, I18, I22. */
export function requireLawful(sent: Sent, execution: OfExecution, onDevice: OnDevice, decisions: Decisions): void {
  const { request, device, life } = sent
  if (!changes(request)) return
  const { verb, session } = request
  const what = `${device}: ${verb} is sent`
  const { purpose, writer } = execution
  const { digest } = execution.whole ?? execution
  if (purpose === 'plan' && verb !== 'plan' && verb !== 'abort') throw new Violation('I22', `${what} by a plan`)
  if (!isIntended(onDevice, verb, session)) {
    throw new Violation('I13', `${what}, and no intent is on record`)
  }
  if (writer !== undefined && writer !== life) {
    throw new Violation('I15', `${what} by controller ${life.number}, and controller ${writer.number} has taken over`)
  }
  const rejected = decisions.statements.some(({ plan, decision }) => plan === digest && decision === 'reject')
  if (rejected && verb === 'arm') throw new Violation('I17', `${what}, and the plan was rejected`)
  if (onDevice.unsettled !== undefined) {
    throw new Violation('I18', `${what} behind a ${onDevice.unsettled} whose answer was lost, and nobody has asked`)
  }
  if (verb === 'confirm') requireNewConnection(sent, onDevice)
}

/** I28: nothing is saved while a switch of the same unit is still to be confirmed: its timer may put it back. */
export function requireAllConfirmed({ devices, isUndoing }: OfExecution, { device }: Sent): void {
  if (isUndoing) return
  for (const [name, { timedCommits, effects, end }] of devices) {
    if (
      name === device ||
      timedCommits === 0 ||
      end !== undefined ||
      [...effects].some((effect) => effect.startsWith('confirm '))
    )
      continue
    throw new Violation('I28', `${device}: saved, and ${name} is not confirmed`)
  }
}

/** I11: a confirm over a connection from before the commit proves nothing about management. */
function requireNewConnection({ device, openedAt }: Sent, { armedAt }: OnDevice): void {
  if (armedAt === undefined || openedAt >= armedAt) return
  throw new Violation('I11', `${device}: the confirm is sent over a connection from before the commit`)
}

/** A commit is one, whatever timer it is sent with: that is I1. */
function isIntended({ intents }: OnDevice, verb: Verb, session: string): boolean {
  if (intents.has(keyOf(verb === 'plan' ? 'stage' : verb, session))) return true
  return verb === 'confirm' && intents.has(keyOf('arm', session))
}
