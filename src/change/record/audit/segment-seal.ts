import type { ChainsCheckpoint } from './chains-checkpoint.ts'
import type { SignedText } from './signed-note.ts'

export interface SegmentSeal {
  readonly origin: string
  readonly executions: ChainsCheckpoint['heads']
  /** The place of the newest record of the store when it was signed. */
  readonly seq: number
}

export type SignedSegmentSeal = SegmentSeal & Omit<SignedText, 'text'>

/** The text that is signed: its second line keeps whoever reads another kind of text from taking it for one. */
export function segmentSealText({ origin, executions: { count, root }, seq }: SegmentSeal): string {
  return `${origin}\nsegment 1\nexecutions ${count} ${Buffer.from(root).toString('base64')}\nnewest ${seq}\n`
}

const TEXT = /^([^\n]+)\nsegment 1\nexecutions (0|[1-9]\d{0,14}) ([A-Za-z0-9+/]{43}=)\nnewest (0|[1-9]\d{0,14})\n$/

/** Reads such a text; undefined when it is none, or is not byte for byte as {@link segmentSealText} writes it. */
export function readSegmentSeal(text: string): SegmentSeal | undefined {
  const [, origin = '', count = '', root = '', newest = ''] = TEXT.exec(text) ?? []
  if (origin === '') return undefined
  const seal = {
    origin,
    executions: { count: Number(count), root: Buffer.from(root, 'base64') },
    seq: Number(newest),
  }
  return segmentSealText(seal) === text ? seal : undefined
}
