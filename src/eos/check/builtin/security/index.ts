export {
  verifyApiHttpStatus,
  verifyApiHttpsSsl,
  verifyApiIpv4Acl,
  verifyApiIpv6Acl,
  verifyIpv4Acl,
  verifySshFipsRestrictions,
  verifySshIpv4Acl,
  verifySshIpv6Acl,
  verifySshStatus,
  verifyTelnetStatus,
} from './access.ts'
export {
  verifyApiSslCertificate,
  verifyBannerLogin,
  verifyBannerMotd,
  verifyHardwareEntropy,
  verifyIpsecConnHealth,
  verifySpecificIpsecConn,
} from './crypto.ts'
