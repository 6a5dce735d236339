import { read } from '../../../change/task/act/read.ts'
import { isSameSwitch } from '../../../change/task/act/same-switch.ts'
import { type ChangeLine, presentChanges } from '../../../eos/config/diff/changes.ts'
import { parseConfig } from '../../../eos/config/text/parse.ts'
import { changesBetween } from '../../../eos/config/vlan-sets.ts'
import { comparableText } from '../../../eos/config/volatile.ts'
import type { DeviceIdentity } from '../../../eos/device/device.ts'
import { savedState } from '../../../eos/device/startup.ts'
import type { Fleet } from '../../../eos/device/transport.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Drift } from '../../../report/drift/drift.ts'
import type { App } from '../../app/app.ts'
import type { Console } from '../../system/process/console.ts'
import { readersOf } from '../connect/read-each.ts'
import { secretlessLines } from '../connect/secretless-lines.ts'
import type { ConfirmedConfig } from './confirmed-config.ts'

/** Reads one switch and compares it with what was confirmed. A switch that was never confirmed is not asked. */
export async function driftOf(
  app: App,
  caller: Console,
  fleet: Fleet,
  name: string,
  confirmed: ConfirmedConfig | undefined,
): Promise<Drift> {
  if (confirmed === undefined) return { name, state: 'unknown' }
  const readers = readersOf(app, caller, fleet)
  try {
    const { identity, sessions } = await read(readers, name, (device) => device.look([]))
    requireSame(name, confirmed.identity, identity)
    const reading = await read(readers, name, (device) => device.readConfig())
    const saved = savedState(reading)
    const config = driftLines(confirmed.running, reading.running)
    return {
      name,
      state: config.length === 0 ? 'same' : 'differs',
      source: confirmed.source,
      since: confirmed.since,
      config,
      unsaved: saved === 'unsaved',
      ...(saved === 'unknown' ? { startup: saved } : {}),
      ...(sessions.armed === undefined ? {} : { armed: sessions.armed }),
    }
  } catch (failure) {
    return { name, state: 'unread', failure }
  }
}

function requireSame(name: string, was: DeviceIdentity, is: DeviceIdentity): void {
  if (isSameSwitch(was, is)) return
  throw new EosflowError(
    'wrong-device',
    `${name}: another switch answers: serial ${is.serial}, MAC ${is.systemMac}; confirmed was serial ${was.serial}, MAC ${was.systemMac}`,
    { device: name },
  )
}

function driftLines(confirmed: string, running: string): readonly ChangeLine[] {
  const lines = presentChanges(
    changesBetween(parseConfig(comparableText(confirmed)), parseConfig(comparableText(running))),
  )
  const shown = secretlessLines(lines.map(({ text }) => text))
  return lines.map((line, index) => ({ ...line, text: shown[index] ?? '' }))
}
