#include "tests/server/policy_response.h"

#include "tests/server/soap.h"

namespace steward::server {

std::string policy_response(int key_length, bool broken) {
    const std::string nil = " xsi:nil=\"true\"/>";
    // One real server forgets a blank here, and Windows does not mind.
    const std::string reference = broken ? "<algorithmOIDReferencexsi:nil=\"true\"/>" : "<algorithmOIDReference" + nil;
    return "<GetPoliciesResponse xmlns=\"" + space::policy +
           "\"><response><policyID>{00000000-0000-0000-0000-000000000001}</policyID><policyFriendlyName" + nil +
           "<nextUpdateHours" + nil + "<policiesNotChanged" + nil +
           "<policies><policy><policyOIDReference>0</policyOIDReference><cAs" + nil +
           "<attributes><commonName>device</commonName><policySchema>3</policySchema><certificateValidity>"
           "<validityPeriodSeconds>31536000</validityPeriodSeconds><renewalPeriodSeconds>5184000</renewalPeriodSeconds>"
           "</certificateValidity><permission><enroll>true</enroll><autoEnroll>false</autoEnroll></permission>"
           "<privateKeyAttributes><minimalKeyLength>" +
           std::to_string(key_length) + "</minimalKeyLength><keySpec" + nil + "<keyUsageProperty" + nil +
           "<permissions" + nil + reference + "<cryptoProviders" + nil +
           "</privateKeyAttributes><revision><majorRevision>101</majorRevision><minorRevision>0</minorRevision>"
           "</revision><supersededPolicies" +
           nil + "<privateKeyFlags" + nil + "<subjectNameFlags" + nil + "<enrollmentFlags" + nil + "<generalFlags" +
           nil + "<hashAlgorithmOIDReference>0</hashAlgorithmOIDReference><rARequirements" + nil +
           "<keyArchivalAttributes" + nil + "<extensions" + nil + "</attributes></policy></policies></response><cAs" +
           nil +
           "<oIDs><oID><value>2.16.840.1.101.3.4.2.1</value><group>1</group><oIDReferenceID>0</oIDReferenceID>"
           "<defaultName>szOID_NIST_sha256</defaultName></oID></oIDs></GetPoliciesResponse>";
}

}  // namespace steward::server
