import type { Alterations } from '../../simulate/controller.ts'
import { FIRST_LIFE } from '../../simulate/copies/older-terms.ts'
import { CALM, type OlderTerms, type Planned, type Wanted } from '../../simulate/scenario.ts'
import type { ExecutionState } from '../../src/change/engine/state.ts'
import { checkpointName, sessionPrefix } from '../../src/change/task/act/act.ts'
import type { Device } from '../../src/eos/device/device.ts'
import { devices, type Mutant, mutant } from './altering.ts'

const behind = (moment: string, what: Planned['what'], draw = 0): Planned => ({
  moment: 0,
  behind: moment,
  what,
  which: 0,
  draw,
})

/** A history of one switch whose store is copied behind a moment. Nobody comes back to the first record behind another one; absent: it is gone on with. */
export function copied(at: string, gone: string | undefined, terms: Partial<OlderTerms> = {}): Wanted {
  return {
    copies: true,
    switches: [{ name: 'sw1', eos: '4.31.4M' }],
    waves: [1],
    weather: CALM,
    approving: 'at once',
    expires: 3600,
    atomic: 'change',
    maxFailures: 0,
    faultsStop: 1500,
    redrives: false,
    rollsBack: false,
    locks: false,
    disturbances: [behind(at, 'copy of the store'), ...(gone === undefined ? [] : [behind(gone, 'gone for good')])],
    copy: {
      way: 'copied',
      act: 'resume',
      pause: 400,
      before: [],
      meanwhile: [],
      approving: 'at once',
      ...terms,
    },
  }
}

/** What a process knows of an execution is another thing than the record says. */
const believing = (change: (state: ExecutionState) => Partial<ExecutionState>) => (): Alterations => ({
  ledger: (ledger) => ({
    get state() {
      const { state } = ledger
      return { ...state, ...change(state) }
    },
    append: (...events) => ledger.append(...events),
    appendProvided: (...given) => ledger.appendProvided(...given),
    written: () => ledger.written(),
    get onlyBack() {
      return ledger.onlyBack
    },
  }),
})

/** Switches show no session that is over. */
const forgetful = (device: Device): Partial<Device> => ({
  look: async (commands) => {
    const found = await device.look(commands)
    const open = Object.entries(found.sessions.sessions).filter(([, state]) => state !== 'completed')
    return { ...found, sessions: { ...found.sessions, sessions: Object.fromEntries(open) } }
  },
})

/** Switches list no checkpoint. */
const unlisted = (device: Device): Partial<Device> => ({
  print: async (commands) => {
    if (commands.includes('show configuration checkpoints')) return [{ ok: true, text: '' }]
    return device.print(commands)
  },
})

/** Whoever goes on with an older record saves its checkpoint before anything is asked. */
const hasty = (): Alterations =>
  devices(({ number, execution }) => {
    let isSaved = number < FIRST_LIFE
    return (device) => ({
      look: async (commands) => {
        const session = `${sessionPrefix(execution)}99`
        if (!isSaved) {
          isSaved = true
          await device.stage({ session, mode: 'merge', commands: [], checkpoint: checkpointName(execution) })
          await device.abort(session)
        }
        return device.look(commands)
      },
    })
  })

/** Mutants of what an older record may say and do (docs/copies.md). */
export const COPY_MUTANTS: readonly Mutant[] = [
  mutant(
    'copies: the silence of a copied record is believed',
    [],
    ['I49'],
    believing(() => ({ mayBeCopy: false })),
    copied('after PlanMade', 'after ActFinished arm', { act: 'stop' }),
  ),
  mutant(
    'copies: the silence of a restored record is believed',
    [],
    ['I49'],
    believing(() => ({ mayBeCopy: false, isRestored: false })),
    copied('after PlanMade', 'after ActFinished arm', { way: 'restored', act: 'stop' }),
  ),
  mutant(
    'copies: a restored record is taken for a copied one',
    [],
    ['I49'],
    believing(({ isRestored }) => (isRestored ? { isRestored: false, mayBeCopy: true } : {})),
    copied('heard stage', 'after ActFinished arm', { way: 'restored', act: 'stop' }),
  ),
  mutant(
    'copies: switches are not asked for sessions that are over, nor for checkpoints',
    [],
    ['I51'],
    () => devices(() => (device) => ({ ...forgetful(device), ...unlisted(device) })),
    copied('after PlanMade', 'after ActFinished arm'),
  ),
  mutant(
    'copies: approvals from before a restoration count',
    [],
    ['I5'],
    () => ({ app: (app) => ({ ...app, store: { ...app.store, restored: async () => undefined } }) }),
    copied('heard stage', 'heard stage', { way: 'restored' }),
  ),
  mutant(
    'copies: the checkpoint is saved once more before anything is asked',
    [],
    ['I50'],
    hasty,
    copied('heard stage', undefined),
  ),
]
