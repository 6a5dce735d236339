import { chosenDevices } from '../../app/chosen-devices.ts'
import { passClock } from '../../app/clock/pass-clock.ts'
import { InputError } from '../../app/input-error.ts'
import { openFleet } from '../../app/open-fleet.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { abortWanted, everyOpen, requireOwnNames, type Wanted, wantedOf } from '../../app/recover/abort-named.ts'
import { type Found, scan } from '../../app/recover/found.ts'
import { trustRecord } from '../../app/trust/trust-record.ts'
import type { Fleet } from '../../device/transport.ts'
import { errorRecord } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import { colored, plain } from '../../report/style.ts'
import { visibleLine } from '../../report/visible.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import { exitCodeOfThrown, gravest } from '../exit-code.ts'
import type { Invocation } from '../io.ts'
import { passKey } from '../pass-key.ts'
import { foundText, sessionWords } from '../recover/found-text.ts'
import { saysYes } from '../says-yes.ts'

/**
 * Finds what eosflow has left on the switches when the store that knew of it is lost. Reports; acts on a person's word alone, session by
 * session, and never on what is not of eosflow.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { options, io } = invocation
  const names = (Array.isArray(options.abort) ? options.abort : []).map(String)
  if (options.scan !== true) throw new InputError([scanNotAsked()])
  requireOwnNames(names)
  const work = async (context: CommandContext): Promise<number> => {
    const { app, caller } = context
    passKey(app, io)
    const inventory = app.project.inventory()
    const chosen = chosenDevices(inventory, options.target)
    await requireAllowed(app, caller, 'device.unlock', { devices: chosen.map(({ name }) => name) })
    const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller) })
    const scanAll = (): Promise<readonly Found[]> =>
      Promise.all(chosen.map(({ name }) => scan(app, caller, fleet.as('read'), name)))
    try {
      const found = await scanAll()
      const wanted = names.length > 0 ? await wantedOf(app, found, names) : await askedFor(context, found)
      if (wanted.length === 0) return tell(context, found, [])
      return tell(context, await afterAbort(context, fleet, wanted, scanAll), wanted)
    } finally {
      await fleet.close()
    }
  }
  return withApp(invocation, work, { despiteCheckpointKey: true })
}

async function afterAbort(
  { app, caller, invocation }: CommandContext,
  fleet: Fleet,
  wanted: readonly Wanted[],
  scanAll: () => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  await passClock(app.clockRule, invocation.io)
  for (const complaint of await abortWanted(app, caller, fleet, wanted))
    invocation.io.err(`${visibleLine(complaint)}\n`)
  return scanAll()
}

/** What a person at a terminal wants to be ended, asked for each session by its name. */
async function askedFor({ invocation }: CommandContext, found: readonly Found[]): Promise<readonly Wanted[]> {
  const { io, global } = invocation
  if (!io.interactive || global.json) return []
  const wanted: Wanted[] = []
  for (const one of everyOpen(found)) {
    const { whose } = one.session
    if (whose.kind === 'ours' && whose.ended !== true) continue
    const question = visibleLine(`${one.device}: ${sessionWords(one.session)}. Abort ${one.session.name}?`)
    if (await saysYes(io, `${question} Type yes to abort it: `)) wanted.push(one)
  }
  return wanted
}

function tell(
  { invocation: { io, global } }: CommandContext,
  found: readonly Found[],
  aborted: readonly Wanted[],
): number {
  const code = exitCodeOf(found, aborted)
  const done = aborted.map(({ device, session }) => ({
    device,
    session: session.name,
    gone: isGone(found, device, session.name),
  }))
  if (global.json) {
    const devices = found.map((one) =>
      'failure' in one ? { device: one.device, error: errorRecord(one.failure) } : one,
    )
    io.out(`${JSON.stringify({ version: 1, kind: 'recover', devices, aborted: done, exitCode: code })}\n`)
    return code
  }
  const style = io.color ? colored : plain
  for (const { device, session, gone } of done) {
    io.out(
      gone
        ? `${style.good(`✔ ${device}: ${session} aborted, read back`)}\n`
        : `${style.bad(`? ${device}: ${session} is not known to be gone`)}\n`,
    )
  }
  const open = everyOpen(found).length
  io.out(`${foundText(found, style)}\nNext: ${open > 0 ? 'eosflow recover --scan' : 'eosflow sessions list'}\n`)
  return code
}

function isGone(found: readonly Found[], device: string, session: string): boolean {
  const one = found.find((each) => each.device === device)
  return one !== undefined && !('failure' in one) && one.sessions.every(({ name }) => name !== session)
}

/** What is open needs a person; so does a switch on which something was aborted and that cannot be read since. */
function exitCodeOf(found: readonly Found[], aborted: readonly Wanted[]): number {
  const codes = found.map((one) => {
    if (!('failure' in one)) return one.sessions.length > 0 ? 7 : 0
    return aborted.some(({ device }) => device === one.device) ? 7 : exitCodeOfThrown(one.failure)
  })
  return gravest(codes)
}

function scanNotAsked() {
  return problemOf(
    'recover',
    'no-scan',
    'recover asks every switch of the inventory, and does so only with --scan',
    'With the store at hand it is `eosflow resume`; without it, `eosflow recover --scan`.',
  )
}
