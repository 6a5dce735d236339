import type { Row } from './row.ts'
import { rows as accessLists } from './security/access-lists.ts'
import { rows as certificatesAndBanners } from './security/certificates-and-banners.ts'
import { rows as ipsec } from './security/ipsec.ts'
import { rows as management } from './security/management.ts'

/** What the checks of `security` must say. */
export const rows: readonly Row[] = [...accessLists, ...certificatesAndBanners, ...ipsec, ...management]
