import type { Check } from '../../define.ts'
import { verifyEosExtensions } from './verify-eos-extensions.ts'
import { verifyEosVersion } from './verify-eos-version.ts'
import { verifyTerminAttrVersion } from './verify-termin-attr-version.ts'

/** The checks of ANTA's module `software`, by name. */
export const softwareChecks: readonly Check[] = [verifyEosExtensions, verifyEosVersion, verifyTerminAttrVersion]
