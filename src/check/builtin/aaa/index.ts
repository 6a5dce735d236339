import type { Check } from '../../define.ts'
import { verifyAcctConsoleMethods } from './verify-acct-console-methods.ts'
import { verifyAcctDefaultMethods } from './verify-acct-default-methods.ts'
import { verifyAuthenMethods } from './verify-authen-methods.ts'
import { verifyAuthzMethods } from './verify-authz-methods.ts'
import { verifyTacacsServerGroups } from './verify-tacacs-server-groups.ts'
import { verifyTacacsServers } from './verify-tacacs-servers.ts'
import { verifyTacacsSourceIntf } from './verify-tacacs-source-intf.ts'

/** The checks of ANTA's module `aaa`, by name. */
export const aaaChecks: readonly Check[] = [
  verifyAcctConsoleMethods,
  verifyAcctDefaultMethods,
  verifyAuthenMethods,
  verifyAuthzMethods,
  verifyTacacsServerGroups,
  verifyTacacsServers,
  verifyTacacsSourceIntf,
]
