import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { ClusterPorts } from './cluster-ports.ts'

/** The database, as far as who beats and who reaps asks it. */
interface Database {
  /** Lets the time of one way pass. */
  travel(): Promise<void>
  /** Whether a process, or a reaper (undefined), cannot reach it now. */
  isAway(life?: Life): boolean
  /** The executions that a process drives. */
  ownedBy(life: Life): readonly string[]
}

/** What the database knows of a process. */
interface Row {
  /** When it has last said that it lives, by the database's time. */
  beat: number
  isDead: boolean
}

/** A beat that a reaper has seen, and since when by its own clock. */
interface Seen {
  readonly beat: number
  readonly since: number
}

/** So many other processes look after those that say nothing any more. */
const REAPERS = 2

/** Who lives, as the database is told: beats, and the reapers that declare dead who is silent. */
export class Death {
  readonly #ports: ClusterPorts
  readonly #database: Database
  readonly #rows = new Map<Life, Row>()
  readonly #reapers = Array.from({ length: REAPERS }, () => new Map<Life, Seen>())
  #isClosed = false

  constructor(ports: ClusterPorts, database: Database) {
    this.#ports = ports
    this.#database = database
    for (const [index, seen] of this.#reapers.entries())
      this.#reapLater(seen, (index + 0.5) * (ports.machines.beat / REAPERS))
  }

  /** A process begins. */
  begin(life: Life): void {
    this.#rows.set(life, { beat: this.#ports.timeline.now, isDead: false })
    this.#beatLater(life)
  }

  /** A process ends and says so. */
  end(life: Life): void {
    this.#rows.delete(life)
  }

  /** Nobody looks any more. */
  close(): void {
    this.#isClosed = true
  }

  isDead(life: Life): boolean {
    return this.#rows.get(life)?.isDead ?? true
  }

  #beatLater(life: Life): void {
    const { timeline, machines } = this.#ports
    timeline.after(machines.beat, () => void this.#beat(life))
  }

  async #beat(life: Life): Promise<void> {
    while (life.thawed !== undefined) await life.thawed
    const row = this.#rows.get(life)
    if (!life.alive || this.#isClosed || row === undefined) return
    await this.#database.travel()
    if (this.#database.isAway(life)) {
      this.#beatLater(life)
      return
    }
    if (!row.isDead) {
      row.beat = this.#ports.timeline.now
      this.#beatLater(life)
      return
    }
    await this.#database.travel()
    while (life.thawed !== undefined) await life.thawed
    if (!life.alive || this.#ports.flaws.goesOn === true) return
    this.#ports.meet('stopped itself')
    this.#ports.watch.note?.(`controller ${life.number} was declared dead, and stops itself`)
    life.kill()
  }

  #reapLater(seen: Map<Life, Seen>, milliseconds = this.#ports.machines.beat): void {
    this.#ports.timeline.after(milliseconds, () => {
      if (!this.#isClosed) void this.#reap(seen).then(() => this.#reapLater(seen))
    })
  }

  /** One look of a reaper. One that fails has the count begin anew: nobody could say anything meanwhile. */
  async #reap(seen: Map<Life, Seen>): Promise<void> {
    if (this.#rows.size === 0) return
    await this.#database.travel()
    if (this.#database.isAway()) {
      seen.clear()
      return
    }
    const { timeline, machines } = this.#ports
    const asked = timeline.now
    const beats = [...this.#rows].filter(([, { isDead }]) => !isDead).map(([life, { beat }]) => [life, beat] as const)
    await this.#database.travel()
    for (const [life, beat] of beats) {
      const known = seen.get(life)
      if (known?.beat !== beat) seen.set(life, { beat, since: asked })
      else if (asked - known.since > machines.ttl) await this.#declareDead(life, beat)
    }
  }

  /** By compare-and-set: who has said meanwhile that it lives is not dead, and who was declared dead by another reaper is so once. */
  async #declareDead(life: Life, beat: number): Promise<void> {
    const { meet, watch, machines, flaws, timeline, post } = this.#ports
    await this.#database.travel()
    const row = this.#rows.get(life)
    if (row === undefined || row.isDead || this.#database.isAway()) return
    if (row.beat !== beat && flaws.provesNoDeath !== true) {
      meet('death not proven')
      return
    }
    row.isDead = true
    meet('declared dead')
    watch.note?.(`controller ${life.number} is declared dead`)
    watch.declaredDead?.(life, timeline.now - row.beat, machines.ttl)
    for (const execution of this.#database.ownedBy(life)) post(execution, 'its owner is dead')
  }
}
