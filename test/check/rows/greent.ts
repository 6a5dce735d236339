import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const COUNTERS = 'show monitor telemetry postcard counters'
const PROFILES = 'show monitor telemetry postcard policy profile'

/** What the checks of `greent` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyGreenTCounters', { command: COUNTERS }, [
    passes('packets were sent', [{ grePktSent: 12 }]),
    fails('only samples were received', [{ grePktSent: 0, sampleRcvd: 12 }], ['GreenT counters are not incremented']),
    errs('empty', [{}], `\`${COUNTERS}\` answered in an unknown shape at grePktSent`),
  ]),
  ...rowsOf('VerifyGreenT', { command: PROFILES }, [
    passes('one besides the default', [{ profiles: { default: {}, drops: {} } }]),
    fails('the default alone', [{ profiles: { default: {} } }], ['No GreenT policy is created']),
    fails('empty', [{ profiles: {} }], ['No GreenT policy is created']),
  ]),
]
