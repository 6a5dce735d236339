import type { Row } from './row.ts'
import { rows as agent } from './snmp/agent.ts'
import { rows as hosts } from './snmp/hosts.ts'
import { rows as usersAndGroups } from './snmp/users-and-groups.ts'

/** What the checks of `snmp` must say. */
export const rows: readonly Row[] = [...agent, ...hosts, ...usersAndGroups]
