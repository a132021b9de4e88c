// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of H.225.0: RAS and the user-user element of Q.931 messages, as in
 * its version 7 (12/2009). Types of H.235 have names that begin with h235. The
 * notation is that of types.h.
 */
#include "h323/h225_types.h"
#include "h323/h245_types.h"
#include "h323/types.h"

static const struct per_type enumerated_parameter;
static const struct per_type generic_data;

static const struct per_type h221_non_standard = SEQUENCE_EXT(3, 0,
		REQ(INTEGER(0, 255)), REQ(INTEGER(0, 255)),
		REQ(INTEGER(0, 65535)));

static const struct per_type non_standard_identifier =
	CHOICE_EXT(2, REQ(PREFIXED), REQ(h221_non_standard));

static const struct per_type non_standard_parameter =
	SEQUENCE(2, 0, REQ(non_standard_identifier), REQ(PREFIXED));

static const struct per_type ip_address = SEQUENCE(2, 0, REQ(IPV4), REQ(PORT));

static const struct per_type ip_source_route = SEQUENCE_EXT(4, 0,
		REQ(IPV4), REQ(PORT), REQ(LIST(BYTES(4, 4))),
		REQ(NULLS_EXT(2)));

static const struct per_type ipx_address =
	SEQUENCE(3, 0, REQ(BYTES(6, 6)), REQ(BYTES(4, 4)), REQ(BYTES(2, 2)));

static const struct per_type ip6_address =
	SEQUENCE_EXT(2, 0, REQ(IPV6), REQ(PORT));

static const struct per_type transport_address = CHOICE_EXT(7,
		REQ(ip_address), REQ(ip_source_route), REQ(ipx_address),
		REQ(ip6_address), REQ(BYTES(16, 16)), REQ(BYTES(1, 20)),
		REQ(non_standard_parameter));

static const struct per_type vendor_identifier = SEQUENCE_EXT(3, 2,
		REQ(h221_non_standard), OPT(BYTES(1, 256)), OPT(BYTES(1, 256)));

static const struct per_type gatekeeper_info =
	SEQUENCE_EXT(1, 1, OPT(non_standard_parameter));

static const struct per_type alias_address = CHOICE_EXT(2,
		REQ(TEXT4(1, 128)), REQ(TEXT16(1, 256)),
		ADD(1, transport_address));

static const struct per_type supported_prefix =
	SEQUENCE_EXT(2, 1, OPT(non_standard_parameter), REQ(alias_address));

static const struct per_type h310_caps = SEQUENCE_EXT(1, 1,
		OPT(non_standard_parameter), ADD(1, LIST(supported_prefix)));

static const struct per_type h320_caps = SEQUENCE_EXT(1, 1,
		OPT(non_standard_parameter), ADD(1, LIST(supported_prefix)));

static const struct per_type h321_caps = SEQUENCE_EXT(1, 1,
		OPT(non_standard_parameter), ADD(1, LIST(supported_prefix)));

static const struct per_type h322_caps = SEQUENCE_EXT(1, 1,
		OPT(non_standard_parameter), ADD(1, LIST(supported_prefix)));

static const struct per_type h323_caps = SEQUENCE_EXT(1, 1,
		OPT(non_standard_parameter), ADD(1, LIST(supported_prefix)));

static const struct per_type h324_caps = SEQUENCE_EXT(1, 1,
		OPT(non_standard_parameter), ADD(1, LIST(supported_prefix)));

static const struct per_type voice_caps = SEQUENCE_EXT(1, 1,
		OPT(non_standard_parameter), ADD(1, LIST(supported_prefix)));

static const struct per_type t120_only_caps = SEQUENCE_EXT(1, 1,
		OPT(non_standard_parameter), ADD(1, LIST(supported_prefix)));

static const struct per_type data_rate = SEQUENCE_EXT(3, 2,
		OPT(non_standard_parameter), REQ(INTEGER(0, 0xffffffff)),
		OPT(INTEGER(1, 256)));

static const struct per_type non_standard_protocol = SEQUENCE_EXT(3, 2,
		OPT(non_standard_parameter), OPT(LIST(data_rate)),
		REQ(LIST(supported_prefix)));

static const struct per_type t38_fax_annexb_only_caps = SEQUENCE_EXT(5, 2,
		OPT(non_standard_parameter), OPT(LIST(data_rate)),
		REQ(LIST(supported_prefix)), REQ(h245_data_protocol_capability),
		REQ(h245_t38_fax_profile));

static const struct per_type sip_caps = SEQUENCE_EXT(3, 3,
		OPT(non_standard_parameter), OPT(LIST(data_rate)),
		OPT(LIST(supported_prefix)));

static const struct per_type supported_protocols = CHOICE_EXT(9,
		REQ(non_standard_parameter), REQ(h310_caps), REQ(h320_caps),
		REQ(h321_caps), REQ(h322_caps), REQ(h323_caps), REQ(h324_caps),
		REQ(voice_caps), REQ(t120_only_caps),
		ADD(0, non_standard_protocol), ADD(1, t38_fax_annexb_only_caps),
		ADD(2, sip_caps));

static const struct per_type gateway_info = SEQUENCE_EXT(2, 2,
		OPT(LIST(supported_protocols)), OPT(non_standard_parameter));

static const struct per_type mcu_info = SEQUENCE_EXT(1, 1,
		OPT(non_standard_parameter), ADD(0, LIST(supported_protocols)));

static const struct per_type terminal_info =
	SEQUENCE_EXT(1, 1, OPT(non_standard_parameter));

static const struct per_type endpoint_type = SEQUENCE_EXT(8, 6,
		OPT(non_standard_parameter), OPT(vendor_identifier),
		OPT(gatekeeper_info), OPT(gateway_info), OPT(mcu_info),
		OPT(terminal_info), REQ(BOOLEAN), REQ(BOOLEAN));

static const struct per_type q954_details =
	SEQUENCE_EXT(2, 0, REQ(BOOLEAN), REQ(BOOLEAN));

static const struct per_type qseries_options = SEQUENCE_EXT(8, 0,
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(q954_details));

static const struct per_type h235_d_hset = SEQUENCE_EXT(3, 0,
		REQ(BITS(0, 2048)), REQ(BITS(0, 2048)), REQ(BITS(0, 2048)));

static const struct per_type h235_typed_certificate =
	SEQUENCE_EXT(2, 0, REQ(PREFIXED), REQ(PREFIXED));

static const struct per_type h235_non_standard_parameter =
	SEQUENCE(2, 0, REQ(PREFIXED), REQ(PREFIXED));

static const struct per_type h235_clear_token = SEQUENCE_EXT(9, 8,
		REQ(PREFIXED), OPT(INTEGER(1, 0xffffffff)), OPT(TEXT16(1, 128)),
		OPT(h235_d_hset), OPT(BYTES(8, 128)), OPT(ANY_INTEGER),
		OPT(h235_typed_certificate), OPT(TEXT16(1, 128)),
		OPT(h235_non_standard_parameter));

static const struct per_type h235_params =
	SEQUENCE_EXT(2, 2, OPT(ANY_INTEGER), OPT(BYTES(8, 8)));

static const struct per_type h235_hashed =
	SEQUENCE(3, 0, REQ(PREFIXED), REQ(h235_params), REQ(BITS(0, NO_MAX)));

static const struct per_type h235_encrypted =
	SEQUENCE(3, 0, REQ(PREFIXED), REQ(h235_params), REQ(PREFIXED));

static const struct per_type h235_signed = SEQUENCE(4, 0,
		REQ(PREFIXED), REQ(PREFIXED), REQ(h235_params),
		REQ(BITS(0, NO_MAX)));

static const struct per_type crypto_encrypted_token =
	SEQUENCE(2, 0, REQ(PREFIXED), REQ(h235_encrypted));

static const struct per_type crypto_signed_token =
	SEQUENCE(2, 0, REQ(PREFIXED), REQ(h235_signed));

static const struct per_type crypto_hashed_token =
	SEQUENCE(3, 0, REQ(PREFIXED), REQ(h235_clear_token), REQ(h235_hashed));

static const struct per_type h235_crypto_token = CHOICE_EXT(4,
		REQ(crypto_encrypted_token), REQ(crypto_signed_token),
		REQ(crypto_hashed_token), REQ(h235_encrypted));

static const struct per_type crypto_ep_pwd_hash = SEQUENCE(3, 0,
		REQ(alias_address), REQ(INTEGER(1, 0xffffffff)),
		REQ(h235_hashed));

static const struct per_type crypto_gk_pwd_hash = SEQUENCE(3, 0,
		REQ(TEXT16(1, 128)), REQ(INTEGER(1, 0xffffffff)),
		REQ(h235_hashed));

static const struct per_type crypto_h323_token = CHOICE_EXT(8,
		REQ(crypto_ep_pwd_hash), REQ(crypto_gk_pwd_hash),
		REQ(h235_encrypted), REQ(h235_encrypted), REQ(h235_signed),
		REQ(h235_signed), REQ(h235_signed), REQ(h235_crypto_token));

static const struct per_type alternate_transport_addresses = SEQUENCE_EXT(1, 1,
		OPT(LIST(transport_address)), ADD(0, LIST(transport_address)));

static const struct per_type cic_info =
	SEQUENCE_EXT(2, 0, REQ(LIST(BYTES(2, 4))), REQ(BYTES(2, 5)));

static const struct per_type group_id =
	SEQUENCE_EXT(2, 1, OPT(LIST(INTEGER(0, 65535))), REQ(BYTES(1, 128)));

static const struct per_type circuit_identifier =
	SEQUENCE_EXT(2, 2, OPT(cic_info), OPT(group_id));

static const struct per_type generic_identifier = CHOICE_EXT(3,
		REQ(INTEGER_EXT(0, 16383)), REQ(PREFIXED), REQ(BYTES(16, 16)));

static const struct per_type content = CHOICE_EXT(12,
		REQ(PREFIXED), REQ(PREFIXED), REQ(TEXT16(0, NO_MAX)),
		REQ(BOOLEAN), REQ(INTEGER(0, 255)), REQ(INTEGER(0, 65535)),
		REQ(INTEGER(0, 0xffffffff)), REQ(generic_identifier),
		REQ(alias_address), REQ(transport_address),
		REQ(SEQUENCE_OF(1, 512, enumerated_parameter)),
		REQ(SEQUENCE_OF(1, 16, generic_data)));

static const struct per_type enumerated_parameter =
	SEQUENCE_EXT(2, 1, REQ(generic_identifier), OPT(content));

static const struct per_type generic_data = SEQUENCE_EXT(2, 1,
		REQ(generic_identifier),
		OPT(SEQUENCE_OF(1, 512, enumerated_parameter)));

static const struct per_type circuit_info = SEQUENCE_EXT(3, 3,
		OPT(circuit_identifier), OPT(circuit_identifier),
		OPT(LIST(generic_data)));

static const struct per_type feature_set = SEQUENCE_EXT(4, 3,
		REQ(BOOLEAN), OPT(LIST(generic_data)), OPT(LIST(generic_data)),
		OPT(LIST(generic_data)));

static const struct per_type endpoint = SEQUENCE_EXT(10, 10,
		OPT(non_standard_parameter), OPT(LIST(alias_address)),
		OPT(LIST(transport_address)), OPT(LIST(transport_address)),
		OPT(endpoint_type), OPT(LIST(h235_clear_token)),
		OPT(LIST(crypto_h323_token)), OPT(INTEGER(0, 127)),
		OPT(LIST(alias_address)), OPT(LIST(alias_address)),
		ADD(0, alternate_transport_addresses), ADD(1, circuit_info),
		ADD(2, feature_set));

static const struct per_type alternate_gk = SEQUENCE_EXT(4, 1,
		REQ(transport_address), OPT(TEXT16(1, 128)), REQ(BOOLEAN),
		REQ(INTEGER(0, 127)));

static const struct per_type gatekeeper_request = SEQUENCE_EXT(8, 4,
		REQ(INTEGER(1, 65535)), REQ(PREFIXED),
		OPT(non_standard_parameter),
		REQ_AS(transport_address, H323_RAS), REQ(endpoint_type),
		OPT(TEXT16(1, 128)), OPT(qseries_options),
		OPT(LIST(alias_address)), ADD(0, LIST(endpoint)),
		ADD(2, LIST(crypto_h323_token)), ADD(8, feature_set),
		ADD(9, LIST(generic_data)), ADD(11, alternate_gk));

static const struct per_type gatekeeper_confirm = SEQUENCE_EXT(5, 2,
		REQ(INTEGER(1, 65535)), REQ(PREFIXED),
		OPT(non_standard_parameter), OPT(TEXT16(1, 128)),
		REQ_AS(transport_address, H323_RAS), ADD(0, LIST(alternate_gk)),
		ADD(3, LIST(crypto_h323_token)), ADD(7, feature_set),
		ADD(8, LIST(generic_data)), ADD(9, alternate_gk));

static const struct per_type alt_gk_info =
	SEQUENCE_EXT(2, 0, REQ(LIST(alternate_gk)), REQ(BOOLEAN));

static const struct per_type gatekeeper_reject = SEQUENCE_EXT(5, 2,
		REQ(INTEGER(1, 65535)), REQ(PREFIXED),
		OPT(non_standard_parameter), OPT(TEXT16(1, 128)),
		REQ(NULLS_EXT(4)), ADD(0, alt_gk_info),
		ADD(2, LIST(crypto_h323_token)), ADD(4, feature_set),
		ADD(5, LIST(generic_data)));

static const struct per_type public_party_number =
	SEQUENCE(2, 0, REQ(NULLS_EXT(6)), REQ(TEXT4(1, 128)));

static const struct per_type private_party_number =
	SEQUENCE(2, 0, REQ(NULLS_EXT(6)), REQ(TEXT4(1, 128)));

static const struct per_type party_number = CHOICE_EXT(5,
		REQ(public_party_number), REQ(TEXT4(1, 128)),
		REQ(TEXT4(1, 128)), REQ(private_party_number),
		REQ(TEXT4(1, 128)));

static const struct per_type range =
	SEQUENCE(2, 0, REQ(party_number), REQ(party_number));

static const struct per_type address_pattern =
	CHOICE_EXT(2, REQ(alias_address), REQ(range));

static const struct per_type registration_request = SEQUENCE_EXT(10, 3,
		REQ(INTEGER(1, 65535)), REQ(PREFIXED),
		OPT(non_standard_parameter), REQ(BOOLEAN),
		REQ_AS(LIST(transport_address), H323_SIGNAL),
		REQ_AS(LIST(transport_address), H323_RAS), REQ(endpoint_type),
		OPT(LIST(alias_address)), OPT(TEXT16(1, 128)),
		REQ(vendor_identifier), ADD(0, LIST(endpoint)),
		ADD_TELL(1, INTEGER(1, 0xffffffff), H323_TIME_TO_LIVE),
		ADD(3, LIST(crypto_h323_token)),
		ADD(9, alternate_transport_addresses),
		ADD(11, LIST(address_pattern)), ADD(19, feature_set),
		ADD(20, LIST(generic_data)), ADD(24, alternate_gk));

static const struct per_type pre_granted_arq = SEQUENCE_EXT(4, 0,
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		ADD(2, alternate_transport_addresses));

static const struct per_type registration_confirm = SEQUENCE_EXT(7, 3,
		REQ(INTEGER(1, 65535)), REQ(PREFIXED),
		OPT(non_standard_parameter),
		REQ_AS(LIST(transport_address), H323_SIGNAL),
		OPT(LIST(alias_address)), OPT(TEXT16(1, 128)),
		REQ(TEXT16(1, 128)), ADD(0, LIST(alternate_gk)),
		ADD_TELL(1, INTEGER(1, 0xffffffff), H323_TIME_TO_LIVE),
		ADD(3, LIST(crypto_h323_token)), ADD(6, pre_granted_arq),
		ADD(10, LIST(address_pattern)), ADD(11, LIST(supported_prefix)),
		ADD(13, alias_address), ADD(15, feature_set),
		ADD(16, LIST(generic_data)), ADD(17, alternate_gk));

static const struct per_type invalid_terminal_aliases = SEQUENCE_EXT(3, 3,
		OPT(LIST(alias_address)), OPT(LIST(address_pattern)),
		OPT(LIST(supported_prefix)));

static const struct per_type registration_reject_reason = CHOICE_EXT(8,
		REQ(NOTHING), REQ(NOTHING), REQ(NOTHING), REQ(NOTHING),
		REQ(LIST(alias_address)), REQ(NOTHING), REQ(NOTHING),
		REQ(NOTHING), ADD(6, invalid_terminal_aliases));

static const struct per_type registration_reject = SEQUENCE_EXT(5, 2,
		REQ(INTEGER(1, 65535)), REQ(PREFIXED),
		OPT(non_standard_parameter), REQ(registration_reject_reason),
		OPT(TEXT16(1, 128)), ADD(0, alt_gk_info),
		ADD(2, LIST(crypto_h323_token)), ADD(4, feature_set),
		ADD(5, LIST(generic_data)), ADD(6, alternate_gk));

static const struct per_type unregistration_request = SEQUENCE_EXT(5, 3,
		REQ(INTEGER(1, 65535)),
		REQ_AS(LIST(transport_address), H323_SIGNAL),
		OPT(LIST(alias_address)), OPT(non_standard_parameter),
		OPT(TEXT16(1, 128)), ADD(0, LIST(endpoint)),
		ADD(3, LIST(crypto_h323_token)), ADD(6, LIST(address_pattern)),
		ADD(7, LIST(supported_prefix)), ADD(8, LIST(alternate_gk)),
		ADD(9, LIST(generic_data)), ADD(10, alternate_gk));

static const struct per_type unregistration_confirm = SEQUENCE_EXT(2, 1,
		REQ(INTEGER(1, 65535)), OPT(non_standard_parameter),
		ADD(1, LIST(crypto_h323_token)), ADD(3, LIST(generic_data)),
		ADD(4, alternate_gk));

static const struct per_type unregistration_reject = SEQUENCE_EXT(3, 1,
		REQ(INTEGER(1, 65535)), REQ(NULLS_EXT(3)),
		OPT(non_standard_parameter), ADD(0, alt_gk_info),
		ADD(2, LIST(crypto_h323_token)), ADD(4, LIST(generic_data)));

static const struct per_type admission_request = SEQUENCE_EXT(16, 7,
		REQ(INTEGER(1, 65535)), REQ(NULLS_EXT(4)), OPT(NULLS_EXT(2)),
		REQ(TEXT16(1, 128)), OPT(LIST(alias_address)),
		OPT_AS(transport_address, H323_DEST), OPT(LIST(alias_address)),
		REQ(LIST(alias_address)),
		OPT_AS(transport_address, H323_SOURCE),
		REQ(INTEGER(0, 0xffffffff)), REQ(INTEGER(0, 65535)),
		OPT(non_standard_parameter), OPT(qseries_options),
		REQ(BYTES(16, 16)), REQ(BOOLEAN), REQ(BOOLEAN),
		ADD(2, LIST(endpoint)), ADD(3, LIST(endpoint)),
		ADD(6, LIST(crypto_h323_token)), ADD(13, circuit_info),
		ADD(14, LIST(supported_protocols)), ADD(16, feature_set),
		ADD(17, LIST(generic_data)));

static const struct per_type admission_confirm = SEQUENCE_EXT(6, 2,
		REQ(INTEGER(1, 65535)), REQ(INTEGER(0, 0xffffffff)),
		REQ(NULLS_EXT(2)), REQ_AS(transport_address, H323_DEST),
		OPT(INTEGER(1, 65535)), OPT(non_standard_parameter),
		ADD(0, LIST(alias_address)), ADD(1, LIST(alias_address)),
		ADD(2, endpoint_type), ADD(3, LIST(alias_address)),
		ADD(4, LIST(endpoint)), ADD(6, LIST(crypto_h323_token)),
		ADD(12, alternate_transport_addresses), ADD(14, circuit_info),
		ADD(16, LIST(supported_protocols)), ADD(19, feature_set),
		ADD(20, LIST(generic_data)), ADD(21, LIST(alias_address)),
		ADD(22, alternate_gk));

static const struct per_type admission_reject = SEQUENCE_EXT(3, 1,
		REQ(INTEGER(1, 65535)), REQ(NULLS_EXT(8)),
		OPT(non_standard_parameter), ADD(0, alt_gk_info),
		ADD(2, LIST(crypto_h323_token)),
		ADD(3, LIST(transport_address)), ADD(6, feature_set),
		ADD(7, LIST(generic_data)), ADD(8, alternate_gk));

static const struct per_type transport_channel_info =
	SEQUENCE_EXT(2, 2, OPT(transport_address), OPT(transport_address));

static const struct per_type bandwidth_details = SEQUENCE_EXT(4, 0,
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(INTEGER(0, 0xffffffff)),
		REQ(transport_channel_info));

static const struct per_type bandwidth_request = SEQUENCE_EXT(7, 2,
		REQ(INTEGER(1, 65535)), REQ(TEXT16(1, 128)), REQ(BYTES(16, 16)),
		REQ(INTEGER(0, 65535)), OPT(NULLS_EXT(4)),
		REQ(INTEGER(0, 0xffffffff)), OPT(non_standard_parameter),
		ADD(3, LIST(crypto_h323_token)),
		ADD(9, LIST(bandwidth_details)), ADD(10, LIST(generic_data)));

static const struct per_type bandwidth_confirm = SEQUENCE_EXT(3, 1,
		REQ(INTEGER(1, 65535)), REQ(INTEGER(0, 0xffffffff)),
		OPT(non_standard_parameter), ADD(1, LIST(crypto_h323_token)),
		ADD(4, LIST(generic_data)));

static const struct per_type bandwidth_reject = SEQUENCE_EXT(4, 1,
		REQ(INTEGER(1, 65535)), REQ(NULLS_EXT(6)),
		REQ(INTEGER(0, 0xffffffff)), OPT(non_standard_parameter),
		ADD(0, alt_gk_info), ADD(2, LIST(crypto_h323_token)),
		ADD(4, LIST(generic_data)));

static const struct per_type disengage_request = SEQUENCE_EXT(6, 1,
		REQ(INTEGER(1, 65535)), REQ(TEXT16(1, 128)), REQ(BYTES(16, 16)),
		REQ(INTEGER(0, 65535)), REQ(NULLS_EXT(3)),
		OPT(non_standard_parameter), ADD(3, LIST(crypto_h323_token)),
		ADD(8, circuit_info), ADD(12, LIST(generic_data)));

static const struct per_type disengage_confirm = SEQUENCE_EXT(2, 1,
		REQ(INTEGER(1, 65535)), OPT(non_standard_parameter),
		ADD(1, LIST(crypto_h323_token)), ADD(4, circuit_info),
		ADD(6, LIST(generic_data)), ADD(7, alternate_gk));

static const struct per_type disengage_reject = SEQUENCE_EXT(3, 1,
		REQ(INTEGER(1, 65535)), REQ(NULLS_EXT(2)),
		OPT(non_standard_parameter), ADD(0, alt_gk_info),
		ADD(2, LIST(crypto_h323_token)), ADD(4, LIST(generic_data)));

static const struct per_type location_request = SEQUENCE_EXT(5, 2,
		REQ(INTEGER(1, 65535)), OPT(TEXT16(1, 128)),
		REQ(LIST(alias_address)), OPT(non_standard_parameter),
		REQ_AS(transport_address, H323_RAS),
		ADD(0, LIST(alias_address)), ADD(4, LIST(crypto_h323_token)),
		ADD(6, LIST(supported_protocols)), ADD(8, feature_set),
		ADD(9, LIST(generic_data)), ADD(11, circuit_info),
		ADD(14, LIST(alias_address)));

static const struct per_type location_confirm = SEQUENCE_EXT(4, 1,
		REQ(INTEGER(1, 65535)), REQ_AS(transport_address, H323_SIGNAL),
		REQ_AS(transport_address, H323_RAS),
		OPT(non_standard_parameter), ADD(0, LIST(alias_address)),
		ADD(1, LIST(alias_address)), ADD(2, endpoint_type),
		ADD(3, LIST(alias_address)), ADD(4, LIST(endpoint)),
		ADD(6, LIST(crypto_h323_token)),
		ADD(8, alternate_transport_addresses),
		ADD(9, LIST(supported_protocols)), ADD(11, feature_set),
		ADD(12, LIST(generic_data)), ADD(13, circuit_info),
		ADD(15, LIST(alias_address)));

static const struct per_type location_reject = SEQUENCE_EXT(3, 1,
		REQ(INTEGER(1, 65535)), REQ(NULLS_EXT(4)),
		OPT(non_standard_parameter), ADD(0, alt_gk_info),
		ADD(2, LIST(crypto_h323_token)), ADD(4, feature_set),
		ADD(5, LIST(generic_data)));

static const struct per_type info_request = SEQUENCE_EXT(4, 2,
		REQ(INTEGER(1, 65535)), REQ(INTEGER(0, 65535)),
		OPT(non_standard_parameter),
		OPT_AS(transport_address, H323_RAS),
		ADD(2, LIST(crypto_h323_token)), ADD(10, LIST(generic_data)),
		ADD(11, alternate_gk));

static const struct per_type rtp_session = SEQUENCE_EXT(6, 0,
		REQ(transport_channel_info), REQ(transport_channel_info),
		REQ(PREFIXED), REQ(INTEGER(1, 0xffffffff)),
		REQ(INTEGER(1, 255)), REQ(LIST(INTEGER(1, 255))));

static const struct per_type extended_alias_address = SEQUENCE_EXT(3, 2,
		REQ(alias_address), OPT(NULLS_EXT(3)), OPT(ENUMERATED_EXT(4)));

static const struct per_type setup_uuie = SEQUENCE_EXT(13, 7,
		REQ(PREFIXED), OPT_AS(transport_address, H323_CONTROL),
		OPT(LIST(alias_address)), REQ(endpoint_type),
		OPT(LIST(alias_address)), OPT_AS(transport_address, H323_DEST),
		OPT(LIST(alias_address)), OPT(LIST(INTEGER(0, 65535))),
		REQ(BOOLEAN), REQ(BYTES(16, 16)), REQ(NULLS_EXT(3)),
		OPT(qseries_options), REQ(NULLS_EXT(4)),
		ADD_AS(0, transport_address, H323_SOURCE),
		ADD(1, alias_address), ADD(5, LIST(crypto_h323_token)),
		ADD(6, LIST(CONTAINED(h245_open_logical_channel))),
		ADD(19, circuit_info), ADD(20, LIST(supported_protocols)),
		ADD(21, LIST(generic_data)), ADD(22, LIST(generic_data)),
		ADD(23, LIST(generic_data)),
		ADD(24, LIST(CONTAINED(h245_message))),
		ADD(25, LIST(extended_alias_address)));

static const struct per_type call_proceeding_uuie = SEQUENCE_EXT(3, 1,
		REQ(PREFIXED), REQ(endpoint_type),
		OPT_AS(transport_address, H323_CONTROL),
		ADD(3, LIST(crypto_h323_token)),
		ADD(4, LIST(CONTAINED(h245_open_logical_channel))),
		ADD(8, feature_set));

static const struct per_type connect_uuie = SEQUENCE_EXT(4, 1,
		REQ(PREFIXED), OPT_AS(transport_address, H323_CONTROL),
		REQ(endpoint_type), REQ(BYTES(16, 16)),
		ADD(3, LIST(crypto_h323_token)),
		ADD(4, LIST(CONTAINED(h245_open_logical_channel))),
		ADD(8, LIST(alias_address)), ADD(14, feature_set));

static const struct per_type alerting_uuie = SEQUENCE_EXT(3, 1,
		REQ(PREFIXED), REQ(endpoint_type),
		OPT_AS(transport_address, H323_CONTROL),
		ADD(3, LIST(crypto_h323_token)),
		ADD(4, LIST(CONTAINED(h245_open_logical_channel))),
		ADD(7, LIST(alias_address)), ADD(13, feature_set));

static const struct per_type information_uuie = SEQUENCE_EXT(1, 0,
		REQ(PREFIXED), ADD(2, LIST(crypto_h323_token)),
		ADD(3, LIST(CONTAINED(h245_open_logical_channel))),
		ADD(5, circuit_info));

static const struct per_type release_complete_uuie = SEQUENCE_EXT(2, 1,
		REQ(PREFIXED), OPT(NULLS_EXT(12)),
		ADD(2, LIST(crypto_h323_token)), ADD(3, LIST(alias_address)),
		ADD(8, feature_set), ADD(9, endpoint_type));

static const struct per_type conference_list = SEQUENCE_EXT(3, 3,
		OPT(BYTES(16, 16)), OPT(alias_address),
		OPT(non_standard_parameter));

static const struct per_type facility_uuie = SEQUENCE_EXT(5, 3,
		REQ(PREFIXED), OPT_AS(transport_address, H323_ALTERNATIVE),
		OPT(LIST(alias_address)), OPT(BYTES(16, 16)),
		REQ_TELL(NULLS_EXT(4), H323_FACILITY_REASON),
		ADD(1, LIST(alias_address)), ADD(2, alias_address),
		ADD(4, LIST(crypto_h323_token)), ADD(5, LIST(conference_list)),
		ADD_AS(6, transport_address, H323_CONTROL),
		ADD(7, LIST(CONTAINED(h245_open_logical_channel))),
		ADD(12, circuit_info), ADD(13, feature_set),
		ADD(14, endpoint_type));

static const struct per_type call_identifier =
	SEQUENCE_EXT(1, 0, REQ(BYTES(16, 16)));

static const struct per_type security_service_mode =
	CHOICE_EXT(3, REQ(non_standard_parameter), REQ(NOTHING), REQ(NOTHING));

static const struct per_type security_capabilities = SEQUENCE_EXT(4, 1,
		OPT(non_standard_parameter), REQ(security_service_mode),
		REQ(security_service_mode), REQ(security_service_mode));

static const struct per_type h245_security = CHOICE_EXT(4,
		REQ(non_standard_parameter), REQ(NOTHING),
		REQ(security_capabilities), REQ(security_capabilities));

static const struct per_type progress_uuie = SEQUENCE_EXT(8, 5,
		REQ(PREFIXED), REQ(endpoint_type),
		OPT_AS(transport_address, H323_CONTROL), REQ(call_identifier),
		OPT(h245_security), OPT(LIST(h235_clear_token)),
		OPT(LIST(crypto_h323_token)),
		OPT(LIST(CONTAINED(h245_open_logical_channel))));

static const struct per_type status_uuie = SEQUENCE_EXT(4, 2,
		REQ(PREFIXED), REQ(call_identifier),
		OPT(LIST(h235_clear_token)), OPT(LIST(crypto_h323_token)));

static const struct per_type status_inquiry_uuie = SEQUENCE_EXT(4, 2,
		REQ(PREFIXED), REQ(call_identifier),
		OPT(LIST(h235_clear_token)), OPT(LIST(crypto_h323_token)));

static const struct per_type setup_acknowledge_uuie = SEQUENCE_EXT(4, 2,
		REQ(PREFIXED), REQ(call_identifier),
		OPT(LIST(h235_clear_token)), OPT(LIST(crypto_h323_token)));

static const struct per_type notify_uuie = SEQUENCE_EXT(4, 2,
		REQ(PREFIXED), REQ(call_identifier),
		OPT(LIST(h235_clear_token)), OPT(LIST(crypto_h323_token)),
		ADD(0, LIST(alias_address)), ADD(3, endpoint_type));

static const struct per_type h323_message_body = CHOICE_EXT(7,
		REQ(setup_uuie), REQ(call_proceeding_uuie), REQ(connect_uuie),
		REQ(alerting_uuie), REQ(information_uuie),
		REQ(release_complete_uuie), REQ(facility_uuie),
		ADD(0, progress_uuie), ADD(2, status_uuie),
		ADD(3, status_inquiry_uuie), ADD(4, setup_acknowledge_uuie),
		ADD(5, notify_uuie));

static const struct per_type h323_uu_pdu = SEQUENCE_EXT(2, 1,
		REQ_TELL(h323_message_body, H323_UUIE),
		OPT(non_standard_parameter),
		ADD(2, LIST(CONTAINED(h245_message))),
		ADD(8, LIST(generic_data)));

static const struct per_type pdu =
	SEQUENCE(2, 0, REQ(h323_uu_pdu), REQ(BOOLEAN));

static const struct per_type per_call_info = SEQUENCE_EXT(12, 5,
		OPT(non_standard_parameter), REQ(INTEGER(0, 65535)),
		REQ(BYTES(16, 16)), OPT(BOOLEAN), OPT(LIST(rtp_session)),
		OPT(LIST(rtp_session)), OPT(LIST(transport_channel_info)),
		REQ(transport_channel_info), REQ(transport_channel_info),
		REQ(NULLS_EXT(4)), REQ(INTEGER(0, 0xffffffff)),
		REQ(NULLS_EXT(2)), ADD(2, LIST(crypto_h323_token)),
		ADD(4, LIST(pdu)), ADD(7, circuit_info));

static const struct per_type info_request_response = SEQUENCE_EXT(8, 3,
		OPT(non_standard_parameter), REQ(INTEGER(1, 65535)),
		REQ(endpoint_type), REQ(TEXT16(1, 128)),
		REQ_AS(transport_address, H323_RAS),
		REQ_AS(LIST(transport_address), H323_SIGNAL),
		OPT(LIST(alias_address)), OPT(LIST(per_call_info)),
		ADD(1, LIST(crypto_h323_token)), ADD(7, LIST(generic_data)));

static const struct per_type non_standard_message = SEQUENCE_EXT(2, 0,
		REQ(INTEGER(1, 65535)), REQ(non_standard_parameter),
		ADD(1, LIST(crypto_h323_token)), ADD(3, feature_set),
		ADD(4, LIST(generic_data)));

static const struct per_type unknown_message_response =
	SEQUENCE_EXT(1, 0, REQ(INTEGER(1, 65535)),
		     ADD(1, LIST(crypto_h323_token)));

static const struct per_type icv =
	SEQUENCE(2, 0, REQ(PREFIXED), REQ(BITS(0, NO_MAX)));

static const struct per_type request_in_progress = SEQUENCE_EXT(6, 4,
		REQ(INTEGER(1, 65535)), OPT(non_standard_parameter),
		OPT(LIST(h235_clear_token)), OPT(LIST(crypto_h323_token)),
		OPT(icv), REQ(INTEGER(1, 65535)));

static const struct per_type resources_available_indicate = SEQUENCE_EXT(9, 4,
		REQ(INTEGER(1, 65535)), REQ(PREFIXED),
		OPT(non_standard_parameter), REQ(TEXT16(1, 128)),
		REQ(LIST(supported_protocols)), REQ(BOOLEAN),
		OPT(LIST(h235_clear_token)), OPT(LIST(crypto_h323_token)),
		OPT(icv), ADD(1, LIST(generic_data)));

static const struct per_type resources_available_confirm = SEQUENCE_EXT(6, 4,
		REQ(INTEGER(1, 65535)), REQ(PREFIXED),
		OPT(non_standard_parameter), OPT(LIST(h235_clear_token)),
		OPT(LIST(crypto_h323_token)), OPT(icv),
		ADD(0, LIST(generic_data)));

static const struct per_type info_request_ack = SEQUENCE_EXT(5, 4,
		REQ(INTEGER(1, 65535)), OPT(non_standard_parameter),
		OPT(LIST(h235_clear_token)), OPT(LIST(crypto_h323_token)),
		OPT(icv));

static const struct per_type info_request_nak = SEQUENCE_EXT(7, 5,
		REQ(INTEGER(1, 65535)), OPT(non_standard_parameter),
		REQ(NULLS_EXT(3)), OPT(alt_gk_info),
		OPT(LIST(h235_clear_token)), OPT(LIST(crypto_h323_token)),
		OPT(icv));

static const struct per_type call_credit_service_control = SEQUENCE_EXT(5, 5,
		OPT(TEXT16(1, 512)), OPT(NULLS_EXT(2)),
		OPT(INTEGER(1, 0xffffffff)), OPT(BOOLEAN), OPT(NULLS_EXT(2)));

static const struct per_type service_control_descriptor = CHOICE_EXT(4,
		REQ(BYTES(0, 512)), REQ(PREFIXED), REQ(non_standard_parameter),
		REQ(call_credit_service_control));

static const struct per_type service_control_session = SEQUENCE_EXT(3, 1,
		REQ(INTEGER(0, 255)), OPT(service_control_descriptor),
		REQ(NULLS_EXT(3)));

static const struct per_type call_specific =
	SEQUENCE_EXT(3, 0, REQ(call_identifier), REQ(BYTES(16, 16)),
		     REQ(BOOLEAN));

static const struct per_type service_control_indication = SEQUENCE_EXT(10, 8,
		REQ(INTEGER(1, 65535)), OPT(non_standard_parameter),
		REQ(LIST(service_control_session)), OPT(TEXT16(1, 128)),
		OPT(call_specific), OPT(LIST(h235_clear_token)),
		OPT(LIST(crypto_h323_token)), OPT(icv), OPT(feature_set),
		OPT(LIST(generic_data)));

static const struct per_type service_control_response = SEQUENCE_EXT(8, 7,
		REQ(INTEGER(1, 65535)), OPT(NULLS_EXT(5)),
		OPT(non_standard_parameter), OPT(LIST(h235_clear_token)),
		OPT(LIST(crypto_h323_token)), OPT(icv), OPT(feature_set),
		OPT(LIST(generic_data)));

static const struct per_type ras_message = CHOICE_EXT(25,
		REQ(gatekeeper_request), REQ(gatekeeper_confirm),
		REQ(gatekeeper_reject), REQ(registration_request),
		REQ(registration_confirm), REQ(registration_reject),
		REQ(unregistration_request), REQ(unregistration_confirm),
		REQ(unregistration_reject), REQ(admission_request),
		REQ(admission_confirm), REQ(admission_reject),
		REQ(bandwidth_request), REQ(bandwidth_confirm),
		REQ(bandwidth_reject), REQ(disengage_request),
		REQ(disengage_confirm), REQ(disengage_reject),
		REQ(location_request), REQ(location_confirm),
		REQ(location_reject), REQ(info_request),
		REQ(info_request_response), REQ(non_standard_message),
		REQ(unknown_message_response), ADD(0, request_in_progress),
		ADD(1, resources_available_indicate),
		ADD(2, resources_available_confirm), ADD(3, info_request_ack),
		ADD(4, info_request_nak), ADD(5, service_control_indication),
		ADD(6, service_control_response),
		ADD(7, LIST(admission_confirm)));

static const struct per_type user_data =
	SEQUENCE_EXT(2, 0, REQ(INTEGER(0, 255)), REQ(BYTES(1, 131)));

static const struct per_type h323_user_information =
	SEQUENCE_EXT(2, 1, REQ(h323_uu_pdu), OPT(user_data));

const struct per_field h225_ras_message =
	REQ_TELL(ras_message, H323_RAS_MESSAGE);
const struct per_field h225_user_information = REQ(h323_user_information);
