import type { Ledger } from '../../src/engine/ledger.ts'
import type { TaskAnswer, TaskCall, TaskPort } from '../../src/engine/ports.ts'
import type { EventBody } from '../../src/journal/event.ts'
import type { Act } from '../../src/model/act.ts'
import { EosflowError } from '../../src/model/error.ts'
import { behaviourOf, undoOf } from './random-machine-behaviour.ts'
import { drawOf } from './random-machine-draw.ts'
import { type Deed, failure, type Outside, until } from './random-machine-outside.ts'

/** The tasks that change switches, on switches of which only the deeds are kept. `run` answers undefined for other tasks. */
export interface FakeSwitches extends Pick<TaskPort, 'rollBack'> {
  run(call: TaskCall): Promise<TaskAnswer | undefined>
}

/** Where a switch of the fake world stands: under its commit timer, with the change for good, or as it was. */
export function standing(outside: { readonly deeds: readonly Deed[] }, device: string): 'base' | 'armed' | 'confirmed' {
  const last = outside.deeds.findLast((deed) => deed.of === device)
  return last?.deed === 'armed' || last?.deed === 'confirmed' ? last.deed : 'base'
}

/** The switches of one execution, which puts its acts on record on this ledger. */
export function fakeSwitches(outside: Outside, ledger: Ledger): FakeSwitches {
  const { seed, clock, journal } = outside
  const intended = (device: string, act: Act): Promise<void> => ledger.append(intent(device, act))
  const finished = (device: string, act: Act): Promise<void> => {
    return ledger.append({ type: 'ActFinished', device, act, session: 'own', outcome: 'done' })
  }

  const push = async (call: TaskCall, device: string, { half, whole }: Times): Promise<void> => {
    if (standing(outside, device) !== 'armed') {
      await intended(device, 'stage')
      await until(clock, half, call.signal)
      await finished(device, 'stage')
      await intended(device, 'arm')
      outside.happen('armed', device)
    } else if (!call.recover) {
      outside.wrongs.push(`${device} is armed and is pushed again without being asked`)
    }
    await until(clock, whole)
    await finished(device, 'arm')
  }

  const confirm = async (call: TaskCall, device: string, { whole }: Times): Promise<void> => {
    const stands = standing(outside, device)
    if (stands === 'base') throw new EosflowError('stale', `${device} does not carry the change`, { device })
    if (stands === 'confirmed' && !call.recover) outside.wrongs.push(`${device} is confirmed twice`)
    if (stands === 'armed') {
      if (call.signal.aborted) throw call.signal.reason
      await intended(device, 'confirm')
      outside.happen('confirmed', device)
    }
    await until(clock, whole)
    await finished(device, 'confirm')
    await intended(device, 'save')
    await finished(device, 'save')
  }

  const plan = async ({ devices, recover }: TaskCall): Promise<void> => {
    if (recover && ledger.state.plan !== undefined) return
    await ledger.append({ type: 'PlanMade', digest: 'sha256:aa', plan: 'blob:aa', ...wavesOf(seed, devices) })
  }

  return {
    run: async (call) => {
      const { task } = call.state
      if (task !== 'plan' && task !== 'push' && task !== 'verify' && task !== 'confirm') return undefined
      const [device = ''] = call.devices
      const place = `${call.path}/${call.state.name}`
      const behaviour = behaviourOf(seed, journal.visit(place), call.attempt)
      const started = journal.begunAt(place, call.attempt) ?? clock.now()
      const times = { half: started + behaviour.takes / 2, whole: started + behaviour.takes }
      if (task === 'plan') await plan(call)
      if (task === 'push') await push(call, device, times)
      if (task === 'confirm') await confirm(call, device, times)
      if (task === 'verify') await until(clock, times.whole, call.signal)
      if (behaviour.fails !== undefined && task !== 'plan') throw failure(behaviour.fails)
      return { answer: 'done', output: { n: behaviour.gives } }
    },
    rollBack: async (device) => {
      const { takes, fails } = undoOf(seed, device)
      await until(clock, (journal.undoBegunAt(device) ?? clock.now()) + takes)
      if (fails) {
        await ledger.append({ type: 'UndoFinished', device, end: 'unknown', detail: 'no answer' })
        return
      }
      const end = outside.has('armed', device) ? 'reverted' : 'untouched'
      if (standing(outside, device) !== 'base') outside.happen('reverted', device)
      await ledger.append({ type: 'UndoFinished', device, end, detail: 'read back' })
    },
  }
}

/** When an attempt is half over, and when it is over. */
interface Times {
  readonly half: number
  readonly whole: number
}

function intent(device: string, act: Act): EventBody {
  const body = { type: 'ActIntended', device, act, session: 'own' } as const
  if (act === 'stage') return { ...body, checkpoint: 'before' }
  return act === 'arm' ? { ...body, seconds: 600 } : body
}

/** One or two waves of the switches; a switch may have nothing to change, and rarely none has. */
function wavesOf(
  seed: number,
  devices: readonly string[],
): { waves: readonly (readonly string[])[]; unchanged: readonly string[] } {
  const draw = drawOf(seed, 'waves')
  if (draw.chance(0.05)) return { waves: [], unchanged: devices }
  const unchanged = draw.chance(0.3) ? devices.slice(-1) : []
  const changed = devices.filter((device) => !unchanged.includes(device))
  const cut = draw.between(1, changed.length)
  return { waves: [changed.slice(0, cut), changed.slice(cut)].filter((wave) => wave.length > 0), unchanged }
}
