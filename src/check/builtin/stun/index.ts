import type { Check } from '../../define.ts'
import { verifyStunClient } from './verify-stun-client.ts'
import { verifyStunClientTranslation } from './verify-stun-client-translation.ts'
import { verifyStunServer } from './verify-stun-server.ts'

/** The checks of ANTA's module `stun`, by name. */
export const stunChecks: readonly Check[] = [verifyStunClient, verifyStunClientTranslation, verifyStunServer]
