import type { EventBody } from '../../change/record/event/event.ts'
import { probeName } from '../../model/probe.ts'
import { boundsWords } from '../phrases/disruption.ts'
import { count } from '../text/count.ts'
import { type ShortWords, tell } from './row.ts'

type Measured = Extract<EventBody, { readonly type: 'ProbesMeasured' }>

/** What is on record of the pairs that are probed, each with its standing. */
export function probesMeasured({ phase, probes }: Measured): string {
  const each = probes.map((reading) => {
    const lost = reading.gone.times === 0 ? '' : `, gone for ${boundsWords(reading.gone)}`
    return `${probeName(reading)} ${STANDING[reading.now]}${lost}`
  })
  return [PROBED[phase], ...each].join('; ')
}

const PROBED = {
  begun: 'probed from now on',
  turned: 'probes have changed',
  paused: 'not probed until somebody goes on',
  ended: 'probed until now',
} as const

const STANDING = { answers: 'answers', gone: 'does not answer', unknown: 'cannot be asked' } as const

/** Which pairs answer no more, or answer again. */
export function probesTurned({ phase, probes }: Measured): ShortWords | undefined {
  if (phase !== 'turned') return undefined
  const [first, ...more] = probes
  if (first === undefined) return tell('probes have changed')
  const rest = more.length === 0 ? '' : `, and ${count(more.length, 'more probe')}`
  return tell(`${probeName(first)} ${STANDING[first.now]}${rest}`, first.now === 'answers' ? '  ' : '! ')
}
