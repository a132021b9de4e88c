// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of H.245, as in its version 15 (12/2009): those that have transport
 * addresses. The notation is that of types.h.
 */
#include "h323/h245_types.h"
#include "h323/types.h"

static const struct per_type h221_non_standard = SEQUENCE(3, 0,
		REQ(INTEGER(0, 255)), REQ(INTEGER(0, 255)),
		REQ(INTEGER(0, 65535)));

static const struct per_type non_standard_identifier =
	CHOICE(2, REQ(PREFIXED), REQ(h221_non_standard));

static const struct per_type non_standard_parameter =
	SEQUENCE(2, 0, REQ(non_standard_identifier), REQ(PREFIXED));

const struct per_type h245_data_protocol_capability = CHOICE_EXT(7,
		REQ(non_standard_parameter), REQ(NOTHING), REQ(NOTHING),
		REQ(NOTHING), REQ(NOTHING), REQ(NOTHING), REQ(NOTHING));

const struct per_type h245_t38_fax_profile =
	SEQUENCE_EXT(3, 0, REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN));

static const struct per_type h261_video_capability = SEQUENCE_EXT(5, 2,
		OPT(INTEGER(1, 4)), OPT(INTEGER(1, 4)), REQ(BOOLEAN),
		REQ(INTEGER(1, 19200)), REQ(BOOLEAN));

static const struct per_type h262_video_capability = SEQUENCE_EXT(17, 6,
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		OPT(INTEGER(0, 1073741823)), OPT(INTEGER(0, 262143)),
		OPT(INTEGER(0, 16383)), OPT(INTEGER(0, 16383)),
		OPT(INTEGER(0, 15)), OPT(INTEGER(0, 0xffffffff)));

static const struct per_type h263_video_capability = SEQUENCE_EXT(13, 7,
		OPT(INTEGER(1, 32)), OPT(INTEGER(1, 32)), OPT(INTEGER(1, 32)),
		OPT(INTEGER(1, 32)), OPT(INTEGER(1, 32)),
		REQ(INTEGER(1, 192400)), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		OPT(INTEGER(0, 524287)), OPT(INTEGER(0, 65535)));

static const struct per_type is11172_video_capability = SEQUENCE_EXT(7, 6,
		REQ(BOOLEAN), OPT(INTEGER(0, 1073741823)),
		OPT(INTEGER(0, 262143)), OPT(INTEGER(0, 16383)),
		OPT(INTEGER(0, 16383)), OPT(INTEGER(0, 15)),
		OPT(INTEGER(0, 0xffffffff)));

static const struct per_type video_capability = CHOICE_EXT(5,
		REQ(non_standard_parameter), REQ(h261_video_capability),
		REQ(h262_video_capability), REQ(h263_video_capability),
		REQ(is11172_video_capability));

static const struct per_type is11172_audio_capability = SEQUENCE_EXT(9, 0,
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(INTEGER(1, 448)));

static const struct per_type is13818_audio_capability = SEQUENCE_EXT(21, 0,
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(INTEGER(1, 1130)));

static const struct per_type g7231 =
	SEQUENCE(2, 0, REQ(INTEGER(1, 256)), REQ(BOOLEAN));

static const struct per_type audio_capability = CHOICE_EXT(14,
		REQ(non_standard_parameter), REQ(INTEGER(1, 256)),
		REQ(INTEGER(1, 256)), REQ(INTEGER(1, 256)),
		REQ(INTEGER(1, 256)), REQ(INTEGER(1, 256)),
		REQ(INTEGER(1, 256)), REQ(INTEGER(1, 256)), REQ(g7231),
		REQ(INTEGER(1, 256)), REQ(INTEGER(1, 256)),
		REQ(INTEGER(1, 256)), REQ(is11172_audio_capability),
		REQ(is13818_audio_capability));

static const struct per_type t84_restricted = SEQUENCE_EXT(19, 0,
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN),
		REQ(BOOLEAN), REQ(BOOLEAN), REQ(BOOLEAN));

static const struct per_type t84_profile =
	CHOICE(2, REQ(NOTHING), REQ(t84_restricted));

static const struct per_type t84 =
	SEQUENCE(2, 0, REQ(h245_data_protocol_capability), REQ(t84_profile));

static const struct per_type nlpid =
	SEQUENCE(2, 0, REQ(h245_data_protocol_capability), REQ(PREFIXED));

static const struct per_type application = CHOICE_EXT(10,
		REQ(non_standard_parameter), REQ(h245_data_protocol_capability),
		REQ(h245_data_protocol_capability),
		REQ(h245_data_protocol_capability), REQ(t84),
		REQ(h245_data_protocol_capability),
		REQ(h245_data_protocol_capability), REQ(nlpid), REQ(NOTHING),
		REQ(h245_data_protocol_capability));

static const struct per_type data_application_capability =
	SEQUENCE_EXT(2, 0, REQ(application), REQ(INTEGER(0, 0xffffffff)));

static const struct per_type encryption_mode =
	CHOICE_EXT(2, REQ(non_standard_parameter), REQ(NOTHING));

static const struct per_type data_type = CHOICE_EXT(6,
		REQ(non_standard_parameter), REQ(NOTHING),
		REQ(video_capability), REQ(audio_capability),
		REQ(data_application_capability), REQ(encryption_mode));

static const struct per_type h222_logical_channel_parameters =
	SEQUENCE_EXT(5, 3, REQ(INTEGER(0, 65535)), REQ(INTEGER(0, 8191)),
		     OPT(INTEGER(0, 8191)), OPT(PREFIXED), OPT(PREFIXED));

static const struct per_type al3 =
	SEQUENCE(2, 0, REQ(INTEGER(0, 2)), REQ(INTEGER(0, 16777215)));

static const struct per_type adaptation_layer_type = CHOICE_EXT(6,
		REQ(non_standard_parameter), REQ(NOTHING), REQ(NOTHING),
		REQ(NOTHING), REQ(NOTHING), REQ(al3));

static const struct per_type h223_logical_channel_parameters =
	SEQUENCE_EXT(2, 0, REQ(adaptation_layer_type), REQ(BOOLEAN));

static const struct per_type v76_hdlc_parameters =
	SEQUENCE_EXT(3, 0, REQ(NULLS_EXT(3)), REQ(INTEGER(1, 4095)),
		     REQ(BOOLEAN));

static const struct per_type v75_parameters = SEQUENCE_EXT(1, 0, REQ(BOOLEAN));

static const struct per_type e_rm =
	SEQUENCE_EXT(2, 0, REQ(INTEGER(1, 127)), REQ(NULLS_EXT(3)));

static const struct per_type mode = CHOICE_EXT(2, REQ(e_rm), REQ(NOTHING));

static const struct per_type v76_logical_channel_parameters = SEQUENCE_EXT(5, 0,
		REQ(v76_hdlc_parameters), REQ(NULLS_EXT(3)), REQ(BOOLEAN),
		REQ(mode), REQ(v75_parameters));

static const struct per_type ip_address =
	SEQUENCE_EXT(2, 0, REQ(IPV4), REQ(PORT));

static const struct per_type ip_x_address =
	SEQUENCE_EXT(3, 0, REQ(BYTES(6, 6)), REQ(BYTES(4, 4)),
		     REQ(BYTES(2, 2)));

static const struct per_type ip6_address =
	SEQUENCE_EXT(2, 0, REQ(IPV6), REQ(PORT));

static const struct per_type ip_source_route_address = SEQUENCE_EXT(4, 0,
		REQ(NULLS(2)), REQ(IPV4), REQ(PORT), REQ(LIST(BYTES(4, 4))));

static const struct per_type unicast_address = CHOICE_EXT(5,
		REQ(ip_address), REQ(ip_x_address), REQ(ip6_address),
		REQ(BYTES(16, 16)), REQ(ip_source_route_address));

static const struct per_type multicast_address_ip_address =
	SEQUENCE_EXT(2, 0, REQ(IPV4), REQ(PORT));

static const struct per_type multicast_address_ip6_address =
	SEQUENCE_EXT(2, 0, REQ(IPV6), REQ(PORT));

static const struct per_type multicast_address = CHOICE_EXT(2,
		REQ(multicast_address_ip_address),
		REQ(multicast_address_ip6_address));

static const struct per_type transport_address =
	CHOICE_EXT(2, REQ(unicast_address), REQ(multicast_address));

static const struct per_type terminal_label =
	SEQUENCE_EXT(2, 0, REQ(INTEGER(0, 192)), REQ(INTEGER(0, 192)));

static const struct per_type h2250_logical_channel_parameters =
	SEQUENCE_EXT(11, 10, OPT(LIST(non_standard_parameter)),
		     REQ(INTEGER(0, 255)), OPT(INTEGER(1, 255)),
		     OPT_AS(transport_address, H323_MEDIA), OPT(BOOLEAN),
		     OPT_AS(transport_address, H323_MEDIA_CONTROL),
		     OPT(BOOLEAN), OPT(BOOLEAN), OPT(terminal_label),
		     OPT(INTEGER(96, 127)), OPT(NULLS_EXT(1)));

static const struct per_type address =
	CHOICE_EXT(2, REQ(TEXT4(1, 16)), REQ(BYTES(1, 20)));

static const struct per_type q2931_address =
	SEQUENCE_EXT(2, 1, REQ(address), OPT(BYTES(1, 20)));

static const struct per_type network_address = CHOICE_EXT(3,
		REQ(q2931_address), REQ(TEXT4(1, 128)), REQ(transport_address));

static const struct per_type network_access_parameters = SEQUENCE_EXT(4, 2,
		OPT(NULLS_EXT(2)), REQ(network_address), REQ(BOOLEAN),
		OPT(BYTES(1, 255)));

static const struct per_type multiplex_parameters = CHOICE_EXT(3,
		REQ(h222_logical_channel_parameters),
		REQ(h223_logical_channel_parameters),
		REQ(v76_logical_channel_parameters),
		ADD(0, h2250_logical_channel_parameters));

static const struct per_type forward_parameters = SEQUENCE_EXT(3, 1,
		OPT(INTEGER(0, 65535)), REQ(data_type),
		REQ(multiplex_parameters));

static const struct per_type reverse_multiplex_parameters = CHOICE_EXT(2,
		REQ(h223_logical_channel_parameters),
		REQ(v76_logical_channel_parameters),
		ADD(0, h2250_logical_channel_parameters));

static const struct per_type reverse_parameters =
	SEQUENCE_EXT(2, 1, REQ(data_type), OPT(reverse_multiplex_parameters));

static const struct per_type open_logical_channel = SEQUENCE_EXT(3, 1,
		REQ(INTEGER(1, 65535)), REQ(forward_parameters),
		OPT(reverse_parameters),
		ADD_AS(0, network_access_parameters, H323_DATA));

static const struct per_type request_message = CHOICE_EXT(11,
		REQ(REST), REQ(REST), REQ(REST), REQ(open_logical_channel),
		REQ(REST), REQ(REST), REQ(REST), REQ(REST), REQ(REST),
		REQ(REST), REQ(REST));

static const struct per_type h2250_logical_channel_ack_parameters =
	SEQUENCE_EXT(5, 5, OPT(LIST(non_standard_parameter)),
		     OPT(INTEGER(1, 255)),
		     OPT_AS(transport_address, H323_MEDIA),
		     OPT_AS(transport_address, H323_MEDIA_CONTROL),
		     OPT(INTEGER(96, 127)));

static const struct per_type ack_multiplex_parameters = CHOICE_EXT(1,
		REQ(h222_logical_channel_parameters),
		ADD(0, h2250_logical_channel_parameters));

static const struct per_type ack_reverse_parameters = SEQUENCE_EXT(3, 2,
		REQ(INTEGER(1, 65535)), OPT(INTEGER(0, 65535)),
		OPT(ack_multiplex_parameters));

static const struct per_type forward_multiplex_ack_parameters =
	CHOICE_EXT(1, REQ(h2250_logical_channel_ack_parameters));

static const struct per_type open_logical_channel_ack = SEQUENCE_EXT(2, 1,
		REQ(INTEGER(1, 65535)), OPT(ack_reverse_parameters),
		ADD_AS(0, network_access_parameters, H323_DATA),
		ADD(1, forward_multiplex_ack_parameters));

static const struct per_type communication_mode_table_entry_data_type =
	CHOICE_EXT(3, REQ(video_capability), REQ(audio_capability),
		   REQ(data_application_capability));

static const struct per_type communication_mode_table_entry =
	SEQUENCE_EXT(10, 7, OPT(LIST(non_standard_parameter)),
		     REQ(INTEGER(1, 255)), OPT(INTEGER(1, 255)),
		     OPT(terminal_label), REQ(TEXT16(1, 128)),
		     REQ(communication_mode_table_entry_data_type),
		     OPT_AS(transport_address, H323_MEDIA), OPT(BOOLEAN),
		     OPT_AS(transport_address, H323_MEDIA_CONTROL),
		     OPT(BOOLEAN));

static const struct per_type communication_mode_response =
	CHOICE_EXT(1, REQ(SEQUENCE_OF(1, 256, communication_mode_table_entry)));

static const struct per_type response_message = CHOICE_EXT(19,
		REQ(REST), REQ(REST), REQ(REST), REQ(REST), REQ(REST),
		REQ(open_logical_channel_ack), REQ(REST), REQ(REST), REQ(REST),
		REQ(REST), REQ(REST), REQ(REST), REQ(REST), REQ(REST),
		REQ(REST), REQ(REST), REQ(REST), REQ(REST), REQ(REST),
		ADD(0, communication_mode_response));

static const struct per_type communication_mode_command = SEQUENCE_EXT(1, 0,
		REQ(SEQUENCE_OF(1, 256, communication_mode_table_entry)));

static const struct per_type command_message = CHOICE_EXT(7,
		REQ(REST), REQ(REST), REQ(REST), REQ(REST), REQ(REST),
		REQ(REST), REQ(REST), ADD(0, communication_mode_command));

static const struct per_type function_not_understood = CHOICE(3,
		REQ(request_message), REQ(response_message),
		REQ(command_message));

static const struct per_type mc_location_indication =
	SEQUENCE_EXT(1, 0, REQ(transport_address));

static const struct per_type indication_message = CHOICE_EXT(14,
		REQ(REST), REQ(function_not_understood), REQ(REST), REQ(REST),
		REQ(REST), REQ(REST), REQ(REST), REQ(REST), REQ(REST),
		REQ(REST), REQ(REST), REQ(REST), REQ(REST), REQ(REST),
		ADD(1, mc_location_indication));

static const struct per_type multimedia_system_control_message = CHOICE_EXT(4,
		REQ(request_message), REQ(response_message),
		REQ(command_message), REQ(indication_message));

const struct per_field h245_message = REQ(multimedia_system_control_message);
const struct per_field h245_open_logical_channel = REQ(open_logical_channel);
