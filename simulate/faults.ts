import type { Timeline } from '../src/lab/trial/timeline.ts'
import { FullDisk, type Life } from '../src/lab/trial/trial-app.ts'
import type { Box } from './box.ts'
import { TIMER } from './change-under-test.ts'
import { EMPTY_BLOCK, LINES, TAKEN_AWAY } from './device-texts.ts'
import type { Disturbance, Planned, Scenario } from './scenario.ts'
import type { Watch } from './watch.ts'
import type { World } from './world.ts'

/** What the faults of a history strike. */
export interface FaultPorts {
  readonly scenario: Scenario
  readonly timeline: Timeline
  readonly world: World
  readonly watch: Watch
  /** Counts what was met. */
  meet(what: string): void
  /** Taken up again after some seconds; undefined: after a time that is drawn. */
  kill(life: Life, kind: string, seconds?: number): void
  /** Somebody freezes the store of what this process runs, for some seconds. */
  freeze(life: Life, seconds: number): void
  /** Another process takes up what this one runs. */
  second(life: Life): void
  /** Somebody copies the store of this process, or backs it up. */
  copy?(life: Life): void
  /** Whoever runs this execution is gone, and nobody comes back to this record of it. */
  goneForGood?(): void
  /** Somebody decides about the plan of what this process runs. */
  decide?(life: Life, decision: 'approve' | 'reject'): void
  /** The store of this process is away for some milliseconds, for everybody or for this process alone. */
  storeAway?(milliseconds: number, alone?: Life): void
  /** Somebody asks for a stop of what this process runs, at another machine. */
  stopWord?(life: Life): void
  /** Somebody asks for a stop of one of the parts of a change over several sites. */
  stopSite?(which: number): void
  /** Somebody else is about to change a switch. With `waits` they begin when it is free, else at that moment. */
  rival(milliseconds: number, waits?: 'waits'): void
}

interface Strike {
  readonly kind: string
  readonly life: Life
  readonly name: string
  readonly box: Box
  readonly which: number
  readonly draw: number
}

/** For how long a fence lets a write pass, in milliseconds. */
const FENCE_HOLDS = 3000

/** Commands behind which a line may say what is not so. */
const ACTS = ['commit timer', ' commit$', ' abort$', '^copy running-config', '^configure replace'] as const

function oneOf<T>(all: readonly [T, ...T[]] | readonly T[], draw: number): T {
  return all[Math.floor(draw * all.length)] as T
}

/** What was drawn to befall a history, each behind its moment: see {@link Scenario}. */
export class Faults {
  readonly #ports: FaultPorts
  readonly #strikes: Readonly<Record<Disturbance, (strike: Strike) => void>>
  readonly #counted: readonly Planned[]
  /** Those that strike behind a kind of moment, and have struck. */
  readonly #struck = new Set<Planned>()
  #moments = 0
  #next = 0
  #skew = 0
  readonly #disk: FullDisk

  constructor(ports: FaultPorts) {
    const { timeline, world } = ports
    this.#ports = ports
    this.#counted = ports.scenario.disturbances.filter(({ behind }) => behind === undefined)
    this.#disk = new FullDisk({ now: () => timeline.now, areOn: () => this.areOn, meet: ports.meet })
    this.#strikes = {
      kill: ({ life, kind }) => ports.kill(life, kind),
      'second controller': ({ life, draw }) => {
        // Whoever types `resume` in another terminal.
        timeline.after(draw * 3000, () => ports.second(life))
      },
      'frozen controller': ({ life, draw }) => {
        life.freeze(timeline, FENCE_HOLDS + draw * draw * 700_000)
        // Nobody is taken for dead, and taken over, within the time for which a fence holds.
        timeline.after(FENCE_HOLDS + 1 + draw * 3000, () => ports.second(life))
      },
      'rival execution': ({ draw }) => ports.rival(draw * 3000),
      'unclean takeover': ({ life, kind, draw }) => {
        ports.kill(life, kind, draw)
        ports.rival(draw * 3000, draw < 0.5 ? 'waits' : undefined)
      },
      'store away': ({ draw }) => ports.storeAway?.(1_000 + draw * draw * 150_000),
      'owner cut off': ({ life, draw }) => ports.storeAway?.(2_000 + draw * draw * 100_000, life),
      'frozen owner': ({ life, draw }) => life.freeze(timeline, 1_000 + draw * draw * draw * 120_000),
      'stop word': ({ life, draw }) => {
        ports.stopWord?.(life)
        if (draw < 0.5) ports.kill(life, 'stop word')
        else life.freeze(timeline, draw * 60_000)
      },
      'stop of a site': ({ which }) => ports.stopSite?.(which),
      stop: ({ life }) => life.stop.abort(),
      freeze: ({ life, draw }) => ports.freeze(life, 30 + Math.floor(draw * draw * 570)),
      suspend: ({ life }) => life.suspend.abort(),
      'copy of the store': ({ life }) => ports.copy?.(life),
      'gone for good': () => ports.goneForGood?.(),
      decision: ({ life, draw }) => ports.decide?.(life, draw < 0.7 ? 'approve' : 'reject'),
      'hand makes the change': ({ box, draw }) =>
        this.#byHand(() => world.handEdit(box, draw < 0.5 ? LINES.main : LINES.main.slice(0, 1))),
      'hand edit beside': ({ box }) => this.#byHand(() => world.editBeside(box)),
      'hand edit of the same line': ({ box }) =>
        this.#byHand(() => world.handEdit(box, ['interface Ethernet2', 'description BY-HAND'])),
      'hand edit in a request': ({ box, draw }) =>
        this.#inRequest(
          () => world.editInRequest(box, draw),
          () => world.editBeside(box),
        ),
      'hand save': ({ box }) => this.#byHand(() => world.handSave(box)),
      'hand save in a request': ({ box, draw }) =>
        this.#inRequest(
          () => world.saveInRequest(box, draw),
          () => world.handSave(box),
        ),
      'hand removes the change': ({ box }) => this.#byHand(() => world.handEdit(box, ['no vlan 998'])),
      'foreign session': ({ box }) => world.foreign(box, 'napalm', undefined),
      'foreign controller': ({ box }) => world.foreign(box, 'eosflow-0ddba11', undefined),
      'foreign timer': ({ box, draw }) => world.foreign(box, 'napalm', Math.ceil(draw * 400)),
      reboot: ({ box, draw }) => world.reboot(box, Math.floor(draw * 3) * 40),
      outage: ({ box, draw }) => box.out(draw * draw * 700_000),
      impostor: ({ name, draw }) => world.impostor(name, 20_000 + draw * 60_000),
      'full disk': ({ draw }) => {
        this.#disk.fill(draw * draw * 400_000, Math.floor((1 - draw) * 150))
      },
      'wrong answer': ({ box, draw }) => world.fault(box, { kind: 'wrong-answer', write: 1 + Math.floor(draw * 2) }),
      'wrong error': ({ box, draw }) =>
        world.fault(box, { kind: 'wrong-answer', write: 1 + Math.floor(draw * 2), error: true }),
      'error line': ({ box, draw }) =>
        world.fault(box, { kind: 'error-line', command: oneOf(ACTS, draw), message: 'Operation timed out' }),
      'list lags': ({ box, draw }) => world.fault(box, { kind: 'session-list-lag', seconds: Math.round(draw * 5) }),
      'replay fails': ({ box }) => world.fault(box, { kind: 'replay-fails', command: '^description UPLINK$' }),
      'replay leaves out': ({ box }) =>
        world.fault(box, { kind: 'replay-fails', command: `^${TAKEN_AWAY}$`, leavesOut: true }),
      'killed and resumed at once': ({ life, kind }) => ports.kill(life, kind, 0),
      'killed past the timer': ({ life, kind }) => ports.kill(life, kind, TIMER + 20),
      'request lost next': ({ box }) => {
        box.losesNext = 'request'
      },
      'answer lost next': ({ box }) => {
        box.losesNext = 'answer'
      },
      'commit refused': ({ box }) => world.fault(box, { kind: 'refuse-commit', message: 'Cannot commit session' }),
      'line warning': ({ box }) =>
        world.fault(box, { kind: 'line-warning', command: '^vlan', message: '! This takes a while' }),
      'empty block': ({ box, draw }) =>
        world.fault(box, { kind: 'block-appears', block: EMPTY_BLOCK, on: 'armed', after: Math.floor(draw * 20) }),
      'no startup-config': ({ box }) => this.#byHand(() => world.eraseStartup(box)),
      'slow save': ({ box, draw }) => world.fault(box, { kind: 'slow-save', seconds: Math.ceil(draw * 10) }),
      'no new login': ({ box, draw }) => world.fault(box, { kind: 'no-new-login', for: Math.ceil(draw * draw * 600) }),
      'clock forward': ({ draw }) => this.#setClock(draw < 0.5 ? 3_700_000 : 90_000),
      'clock back': ({ draw }) => this.#setClock(draw < 0.5 ? -3_700_000 : -90_000),
    }
  }

  /** Whether faults may still happen. */
  get areOn(): boolean {
    const { timeline, scenario } = this.#ports
    return timeline.now < scenario.faultsStop * 1000
  }

  /** By how much the wall clock of the controllers is off, in milliseconds. */
  get skew(): number {
    return this.#skew
  }

  /** Something has happened; what was drawn to strike behind it strikes. */
  moment(kind: string, life: Life): void {
    this.#moments += 1
    this.#ports.watch.moment?.(kind)
    this.strikeBehind(kind, life)
    const counted = this.#counted
    for (;;) {
      const planned = counted[this.#next]
      if (planned === undefined || planned.moment > this.#moments) return
      this.#next += 1
      if (this.areOn) this.#strike(planned, kind, life)
    }
  }

  /** The same for a moment that is not counted: only what is meant to strike behind it does. */
  strikeBehind(kind: string, life: Life): void {
    for (const planned of this.#ports.scenario.disturbances) {
      if (planned.behind !== kind || this.#struck.has(planned)) continue
      this.#struck.add(planned)
      if (this.areOn) this.#strike(planned, kind, life)
    }
  }

  /** Something befalls it now, while no process is at work. */
  befall(planned: Planned, life: Life): void {
    this.#strike(planned, 'nothing', life)
  }

  /** The disk of the controllers. */
  get disk(): FullDisk {
    return this.#disk
  }

  #strike({ what, which, draw }: Scenario['disturbances'][number], kind: string, life: Life): void {
    const { world, watch, meet } = this.#ports
    const names = [...world.boxes.keys()]
    const name = names[which % names.length] ?? ''
    watch.note?.(`*** ${what} (${name}) behind ${kind}`)
    meet(what)
    this.#strikes[what]({ kind, life, name, box: world.box(name), which, draw })
  }

  /** Somebody types: between two instants, so that what a request has done within one is seen as it was done. */
  #byHand(edit: () => void): void {
    this.#ports.timeline.after(0, edit)
  }

  /** Over SSH each line is a request of its own: there is nothing between its commands. */
  #inRequest(within: () => void, between: () => void): void {
    if (this.#ports.scenario.transport === 'eapi') within()
    else this.#byHand(between)
  }

  /** Somebody sets the clock: between two instants, not within one. */
  #setClock(milliseconds: number): void {
    this.#ports.timeline.after(0, () => {
      this.#skew += milliseconds
    })
  }
}
