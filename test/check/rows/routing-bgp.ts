import { attributeRows } from './routing-bgp/attributes.ts'
import { capabilityRows } from './routing-bgp/capabilities.ts'
import { familyRows } from './routing-bgp/families.ts'
import { redistributionRows } from './routing-bgp/redistribution.ts'
import { routeRows } from './routing-bgp/routes.ts'
import { sessionRows } from './routing-bgp/sessions.ts'
import type { Row } from './row.ts'

/** What the checks of `routing.bgp` must say. */
export const rows: readonly Row[] = [
  ...familyRows,
  ...sessionRows,
  ...capabilityRows,
  ...attributeRows,
  ...routeRows,
  ...redistributionRows,
]
