"""Parameters that say how a reader came, never what there is to read."""

from __future__ import annotations

import re
from typing import Final

BY_SENDER: Final = {
    "Google Ads, Analytics, Search": (
        "gclid gclsrc dclid gbraid wbraid gad gad_source gad_campaignid srsltid _ga _gl _gac gs_l gs_lcp gs_lcrp gs_lp sca_esv sxsrf ved "
        "usqp amp_js_v amp_gsa aoh amp_tf amp_ct amp_kit amp_lite ga_source ga_medium ga_campaign ga_content ga_term ga_place utm"
    ),
    "Facebook, Instagram, Threads": (
        "fbclid fb_ref fb_source fb_action_ids fb_action_types fb_comment_id fb_aggregation_id fbadid fbxns fb_xd_fragment "
        "action_object_map action_type_map action_ref_map __tn__ __xts__[0] __cft__[0] mibextid igshid igsh ig_rid ig_mid xmt"
    ),
    "X and Twitter": "twclid __twitter_impression twitter_impression tw_source tw_campaign ",
    "TikTok, Snapchat, Pinterest, LinkedIn, Reddit": (
        "ttclid tt_medium tt_content sccid epik rdt_cid li_fat_id lipi lici trk trkinfo trkcampaign trackingid "
    ),
    "Microsoft and Bing": "msclkid ocid mkevt mkcid",
    "Yandex, VK, Mail.ru": "yclid ymclid ysclid syclid _openstat ybaip vkclid frommail rb_clickid",
    "Yahoo and AOL": "guccounter guce_referrer guce_referrer_sig soc_src soc_trk .tsrc tsrc ncid yptr sruid",
    "Matomo, AT Internet, Webtrekk, comScore, Chartbeat": (
        "xtor xtref xtnp xtcr xtloc xtmc estat_svc at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_link_id "
        "at_link_type "
        "at_link_origin at_format at_ptr_name at_bbc_team at_content at_term at_creation at_variant at_channel at_type at_emailtype wt_mc "
        "wt_zmc wt_cc1 wt_cc2 wt_cc3 wt_ga wt_kw etcc_cmp etcc_med etcc_cu etcc_ctv etcc_grp ns_mchannel ns_source ns_campaign ns_linkname "
        "ns_fee ns_mail_uid ns_mail_job cbref"
    ),
    "Adobe and IBM": "s_cid s_cmp sc_cid sc_channel sc_src sc_lid sc_uid sc_llid sc_eh sc_customer ef_id cm_mmc cm_mmca1 cm_mmca2 cm_sp "
    "cm_re cm_ven cm_lm",
    "Newsletters: Mailchimp, HubSpot, Marketo, Sailthru and others": (
        "mc_cid mc_eid mc_tc mkt_tok _hsenc _hsmi __hsfp __hssc __hstc hsctatracking __s _bhlid _kx dm_i dm_t bbeml bxid cndid esrc "
        "et_rid et_cid elqtrackid elqtrack elqaid elqat elqcampaignid elqcsid elqcst elq_cid elq_mid elq nr_email_referer "
        "ml_subscriber ml_subscriber_hash oly_anon_id oly_enc_id omhide vero_id vero_conv ck_subscriber_id spmailingid spuserid spjobid "
        "spreportid sfmc_sub sfmc_id sfmc_j sfmc_l sfmc_mid sfmc_u s_subscriber_id ss_email_id sg_uid mail_id trk_contact trk_msg "
        "trk_module trk_sid "
        "trk_source nlid nl_id emci emdi ceid wpmid wpmm wpisrc vgo_ee unicorn_click_id user_email_address hash_email "
        "sms_click sms_source sms_uph inf_contact_key bsft_clkid bsft_uid bsft_eid bsft_mid bsft_aaid oft_c oft_ck oft_d oft_id oft_ids "
        "oft_k oft_lk oft_sid hmb_campaign hmb_medium hmb_source klclid"
    ),
    "Advertising and affiliates": (
        "wickedid clickid click_id irclickid irgwc tduid ranmid raneaid ransiteid awc zanpid aff_id affid afftrack dicbo obref oborigurl "
        "obclick tblci tb_cid taboola_campaign_id cx_click cx_recsorder cx_recswidget cx_testid cx_testvariant ir_campaignid ir_adid "
        "ir_partnerid adgroupid gdfms gdftrk gdffi _branch_match_id _branch_referrer"
    ),
    "Sharing tools": (
        "share_id shareid sharesource share_source sharetype sr_share feature_share smid smtyp sh_ref_tk spref ref_src ref_url sref_url "
        "echobox "
        "hootpostid socialreferral taid trueanthem cmpid intcmp int_cmp intcid icid icmp itid ito ftag ftcamp dlbk tpcc xrs "
        "traffic_source tsmg wprov pwapi_token pinned_post_locator mtrref soc_client share_bandit_exp share_bandit_var doing_wp_cron "
        "replytocom fb_locale aff_sub leadsource campaignsource"
    ),
    "Sessions": (
        "phpsessid jsessionid aspsessionid sessionid sessid zenid oscsid cfid cftoken asp.net_sessionid guest_session_id "
        "nocache cachebuster cachebust"
    ),
    "Portals in Asia": "spm spm_id_from vd_source from_spmid share_token share_medium share_plat share_from share_tag wxshare_count nsukey",
}  # fmt: skip
"""By those who set them; compared without case."""
NAMES: Final = frozenset(name for names in BY_SENDER.values() for name in names.split())
PREFIXES: Final = (
    "utm_", "utm-", "pk_", "piwik_", "mtm_", "matomo_", "hsa_", "at_recipient_", "itm_", "stm_", "aspsessionid", "wt.", "pf_rd_",
    "pd_rd_", "gad_",
    "__xts__", "__cft__", "fb_action_", "_hs_", "ns_ref", "cm_mmc",
)  # fmt: skip
"""Beginnings of such names."""
SUFFIXES: Final = ("_medium", "_campaign", "_source", "_clickid", "_click_id", "_affiliate")
"""Ends of such names."""
NOT: Final = frozenset({"data_source", "news_source"})
"""Names with such an end that choose what there is to read."""

_MAYBE: Final = (
    "ref referer referrer refer rel rref xref src source from via origin orig medium campaign cid mod channel partner feature cmp mc sr "
    "sc share "
    "shared sharer tid st entry entrypoint linksource xcmp mkt mbid s_kwcid nl"
)
MAYBE: Final = frozenset(_MAYBE.split())
"""Names that are one or the other: dropped only with a value that says where a reader came from."""
CAME_FROM: Final = re.compile(
    r"(?:rss(?:feed|\d)?|atom|feeds?|feedly|feedburner|twitter|tw|twt|tweet|x\.com|t\.co|face?book|fb|fbook|insta(?:gram)?|ig|linkedin|"
    r"lnkd|whats ?app|"
    r"wa|telegram|tg|reddit|pinterest|tumblr|mastodon|bluesky|bsky|threads|tiktok|youtube|yt|e-?mail|mail|mailing|newsletters?|nl|push|alerts?|"
    r"notifications?|sms|shared?|sharing|sharebar|sharetools?|share[-_a-z]*|social|socialflow|socialmedia|soc|smm|messenger|google|googlenews|gnews|"
    r"bing|yahoo|duckduckgo|msn|applenews|apple[-_ ]news|flipboard|smartnews|upday|pocket|getpocket|newsbreak|hootsuite|buffer|echobox|"
    r"dlvr\.?it|ifttt|taboola|outbrain|recirc|recirculation|homepage|frontpage|home|most[-_]?read|mostpopular|most[-_]popular|related|trending|"
    r"ticker|teaser|sidebar|footer|navbar|banner|djem[a-z]*|rd|hp)(?:$|[-_.:+ |/\d].*)",
    re.IGNORECASE | re.DOTALL,
)
"""Values that say so."""
REFERRERS: Final = frozenset({"ref", "referer", "referrer", "via", "origin", "from", "xref", "rref"})
"""Names of `MAYBE` that may hold the address or the host that a reader came from."""
ADDRESS: Final = re.compile(r"https?:/|(?:[a-z0-9-]+\.)+[a-z]{2,}/?$", re.IGNORECASE)
"""Such a value."""
