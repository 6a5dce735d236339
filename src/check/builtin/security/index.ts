import type { Check } from '../../define.ts'
import { verifyApiHttpStatus } from './verify-api-http-status.ts'
import { verifyApiHttpsSsl } from './verify-api-https-ssl.ts'
import { verifyApiIpv4Acl } from './verify-api-ipv4-acl.ts'
import { verifyApiIpv6Acl } from './verify-api-ipv6-acl.ts'
import { verifyApiSslCertificate } from './verify-apissl-certificate.ts'
import { verifyBannerLogin } from './verify-banner-login.ts'
import { verifyBannerMotd } from './verify-banner-motd.ts'
import { verifyHardwareEntropy } from './verify-hardware-entropy.ts'
import { verifyIpsecConnHealth } from './verify-ipsec-conn-health.ts'
import { verifyIpv4Acl } from './verify-ipv4-acl.ts'
import { verifySpecificIpsecConn } from './verify-specific-ipsec-conn.ts'
import { verifySshIpv4Acl } from './verify-ssh-ipv4-acl.ts'
import { verifySshIpv6Acl } from './verify-ssh-ipv6-acl.ts'
import { verifySshStatus } from './verify-ssh-status.ts'
import { verifySshFipsRestrictions } from './verify-sshfips-restrictions.ts'
import { verifyTelnetStatus } from './verify-telnet-status.ts'

/** The checks of ANTA's module `security`, by name. */
export const securityChecks: readonly Check[] = [
  verifyApiHttpStatus,
  verifyApiHttpsSsl,
  verifyApiIpv4Acl,
  verifyApiIpv6Acl,
  verifyApiSslCertificate,
  verifyBannerLogin,
  verifyBannerMotd,
  verifyHardwareEntropy,
  verifyIpsecConnHealth,
  verifyIpv4Acl,
  verifySpecificIpsecConn,
  verifySshIpv4Acl,
  verifySshIpv6Acl,
  verifySshStatus,
  verifySshFipsRestrictions,
  verifyTelnetStatus,
]
