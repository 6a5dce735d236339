import type { EventBody } from '../src/change/record/event/event.ts'
import type { Principal } from '../src/model/principal.ts'

/** Who writes. */
export const WRITER: Principal = { issuer: 'local', id: 'local:1000:bench@here', kind: 'person', auth: 'os' }

/** The first record of each execution. */
export const STARTED: EventBody = { type: 'ExecutionResumed' }

/** What each append writes: two records of a step, of usual length. */
export const STEP: readonly EventBody[] = [
  { type: 'TaskStarted', path: 'RollOutWaves[0].RollOutWave[1]', state: 'Push', attempt: 1, device: 'leaf1' },
  {
    type: 'TaskSucceeded',
    path: 'RollOutWaves[0].RollOutWave[1]',
    state: 'Push',
    device: 'leaf1',
    output: { session: 'eosflow-0123456789abcdef', committed: true, seconds: 300, text: 'x'.repeat(200) },
  },
]
