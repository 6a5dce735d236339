import { lostWords } from '../../../project/app/store/missing-words.ts'
import { type RecoveryResult, recover, requireOwnNames } from '../../../project/switches/sessions/recover.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import {
  type AbortedSession,
  abortedBy,
  abortedText,
  endOf,
  everyOpen,
  foundAs,
  type SessionToEnd,
  type SwitchLeftovers,
  sessionWords,
} from '../../../report/recover/formats.ts'
import { styleOf, visibleLine } from '../../../report/text/text.ts'
import { text, texts } from '../option/options.ts'
import { passKey } from '../option/pass-key.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { judgedCommand } from '../terminal/compose.ts'
import { asTyped, type Invocation, type Io, saysYes } from '../terminal/io.ts'

/** Reports; acts on a person's word alone, session by session, and never on what is not of eosflow. */
export const run = judgedCommand(
  ({ options, io }) => {
    const names = texts(options.abort)
    if (options.scan !== true)
      throw inputError(
        'recover',
        'no-scan',
        'recover asks every switch of the inventory, and does so only with --scan',
        'With the store at hand it is `eosflow resume`; without it, `eosflow recover --scan`.',
      )
    requireOwnNames(io, names)
    return names
  },
  async ({ app, caller, io, options, invocation }, names) => {
    passKey(app, io)
    const choose = (found: readonly SwitchLeftovers[]) => askedFor(invocation, found)
    return tell(invocation, await recover(app, caller, { target: text(options.target), names, choose }))
  },
  { despiteCheckpointKey: true },
)

async function askedFor({ io, global }: Invocation, found: readonly SwitchLeftovers[]) {
  if (!io.interactive || global.json) return []
  const wanted: SessionToEnd[] = []
  for (const one of everyOpen(found)) {
    const { whose } = one.session
    if (whose.kind === 'ours' && whose.ended !== true) continue
    const question = visibleLine(`${one.device}: ${sessionWords(one.session)}. Abort ${one.session.name}?`)
    if (await saysYes(io, `${question} Type yes to abort it: `)) wanted.push(one)
  }
  return wanted
}

function tell(invocation: Invocation, result: RecoveryResult) {
  const { found, aborted, lost } = result
  const code = exitCodeOf(found, aborted)
  const ended = abortedBy(found, aborted)
  if (invocation.global.json) invocation.io.out(`${foundAs.json(found, ended, code, lost)}\n`)
  else tellFound(invocation.io, result, ended)
  const failed = found.flatMap((one) => ('failure' in one ? [one.device] : []))
  // What was to be ended was open on others: on these nothing is known to be.
  sayRepeat(invocation, { failed, results: found }, { options: { abort: undefined } })
  return code
}

function tellFound(io: Io, { found, lost }: RecoveryResult, ended: readonly AbortedSession[]) {
  const style = styleOf(io)
  for (const one of ended) io.out(`${abortedText(one, style)}\n`)
  const [open] = everyOpen(found)
  io.out(`${asTyped(foundAs.text(found, style), io)}\n`)
  if (lost !== undefined) io.out(`! ${lostWords(lost)}. Scanned: ${lost.code}\n`)
  if (open !== undefined) io.out(`Next: ${endOf(open)}\n`)
  else if (lost !== undefined || found.every((one) => !('failure' in one))) io.out(`Next: ${acceptance(lost)}\n`)
}

function acceptance(lost: RecoveryResult['lost']) {
  return lost === undefined ? 'eosflow sessions list' : `eosflow store accept-loss --scanned ${lost.code} --reason TEXT`
}

// What is open needs a person; so does a switch on which something was aborted and that cannot be read since.
function exitCodeOf(found: readonly SwitchLeftovers[], aborted: readonly SessionToEnd[]) {
  const codes = found.map((one) => {
    if (!('failure' in one)) return one.sessions.length > 0 ? 7 : 0
    return aborted.some(({ device }) => device === one.device) ? 7 : exitCodeOfThrown(one.failure)
  })
  return gravest(codes)
}
