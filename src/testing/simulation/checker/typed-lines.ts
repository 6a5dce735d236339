import type { Box } from '../box.ts'
import { Violation } from '../violation.ts'
import type { Sent } from '../watch.ts'
import type { OfExecution, OnDevice } from './record.ts'

/** A line that somebody typed and that a request of ours has taken away. */
interface Loss {
  readonly execution: OfExecution
  readonly onDevice: OnDevice
  readonly verb: string
  /** Whether nothing that the tool was shown before holds it: it cannot know of it. */
  readonly isUnseen: boolean
}

interface Before {
  readonly present: ReadonlySet<string>
  readonly hands: number
}

/**
 * What becomes of the VLANs that hands have typed (I23): one that a request of ours takes away is there again when the
 * execution ends, or the record names it. What the tool was never shown it cannot name: what was typed behind its last
 * reading, within the request that took it away or right before it. Of a timed commit the record then says that nobody was
 * locked out.
 */
export class TypedLines {
  readonly #before = new Map<Box, Before>()
  readonly #lost = new Map<Box, Map<string, Loss>>()

  /** A request is about to be carried out. */
  arrives(box: Box): void {
    this.#before.set(box, { present: box.typed, hands: box.device.hands.length })
  }

  /** It was carried out. `answer` is what it shows; empty over SSH. */
  carriedOut({ request: { verb } }: Sent, box: Box, execution: OfExecution, onDevice: OnDevice, answer: string): void {
    const { present, hands } = this.#before.get(box) ?? { present: new Set(), hands: 0 }
    const meanwhile = box.device.hands.slice(hands).flatMap(({ hand }) => ('lines' in hand ? hand.lines : []))
    const now = box.typed
    const lost = this.#lost.get(box) ?? new Map<string, Loss>()
    this.#lost.set(box, lost)
    for (const vlan of [...present, ...meanwhile.filter((line) => line.startsWith('vlan 7'))]) {
      if (now.has(vlan)) continue
      const isUnseen = !onDevice.seen.has(vlan) && !answer.includes(vlan)
      lost.set(vlan, { execution, onDevice, verb, isUnseen })
    }
    for (const vlan of now) lost.delete(vlan)
  }

  /** The switch was changed by its timer, by a reboot or by somebody else: what that takes away is not our doing. */
  moved(box: Box, isReboot: boolean): void {
    const lost = this.#lost.get(box)
    if (isReboot) lost?.clear()
    for (const vlan of box.typed) lost?.delete(vlan)
  }

  /** Throws where a line is lost and nobody is told. */
  requireNamed(): void {
    for (const [box, lost] of this.#lost) {
      for (const [vlan, { execution, onDevice, verb, isUnseen }] of lost) {
        const isKnowable = !isUnseen || (verb === 'arm' && !onDevice.isWindowNamed)
        if (!isKnowable || onDevice.end === 'unknown' || execution.named.has(vlan) || box.typed.has(vlan)) continue
        throw new Violation(
          'I23',
          `${box.name}: ${verb} took away ${vlan}, which somebody had typed, and no report shows it`,
        )
      }
    }
  }
}
