import { invariantsOf, wordsOf } from '../../../change/plan/invariants.ts'
import { read } from '../../../change/task/act/act.ts'
import { parseConfig } from '../../../eos/config/text/parse.ts'
import { comparableText } from '../../../eos/config/vlan-sets.ts'
import { breachesOf } from '../../../eos/invariant/judge.ts'
import { problemOf } from '../../../model/error.ts'
import type { InvariantsOfSwitch } from '../../../report/invariants/invariants-of-switch.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App } from '../../app/app.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { InputError } from '../../system/process/input-error.ts'
import { type Readers, withReaders } from '../connect/open-fleet.ts'
import { secretlessLines } from '../connect/secretless-lines.ts'
import { chosenDevices } from '../inventory/tell-warnings.ts'

/** Throws InputError where there are none or they are not good, and as the policy does. */
export async function judgeRunning(
  app: App,
  caller: Caller,
  target: string | undefined,
): Promise<readonly InvariantsOfSwitch[]> {
  const inventory = app.project.inventory()
  const loaded = app.project.invariants()
  if (loaded === undefined) throw new InputError([noInvariants()])
  const chosen = chosenDevices(inventory, target)
  const names = chosen.map(({ name }) => name)
  await requireAllowed(app, caller, 'task.snapshot', { devices: names })
  const of = invariantsOf(loaded.invariants, chosen)
  const judged = async (readers: Readers, name: string): Promise<InvariantsOfSwitch> => {
    const invariants = of[name] ?? []
    try {
      const { running } = await read(readers, name, (device) => device.readConfig())
      const breaches = breachesOf(invariants, parseConfig(comparableText(running)))
      const shown = breaches.map((breach) => ({
        invariant: breach.invariant,
        says: wordsOf(breach, clean),
        because: breach.because,
      }))
      return { name, state: 'judged', invariants: invariants.length, breaches: shown }
    } catch (failure) {
      return { name, state: 'unread', failure }
    }
  }
  return await withReaders(app, caller, chosen, (readers) => Promise.all(names.map((name) => judged(readers, name))))
}

const clean = (text: string) => secretlessLines(text.split('\n')).join('\n')

function noInvariants() {
  const hint = 'Write a file into invariants/, or choose shipped ones: `invariants: { use: [evpn] }`.'
  return problemOf('eosflow.yaml', 'no-invariants', 'this project has no invariants', hint)
}
