"""Parameters that say how a reader came, never what there is to read."""

from __future__ import annotations

import re
from typing import Final

BY_SENDER: Final = {
    "Google Ads, Analytics, Search": (
        "_ga _gac _gl amp_ct amp_gsa amp_js_v amp_kit amp_lite amp_tf aoh dclid ga_campaign ga_content ga_medium ga_place ga_source "
        "ga_term gad gad_campaignid gad_source gbraid gclid gclsrc gs_l gs_lcp gs_lcrp gs_lp sca_esv srsltid sxsrf usqp utm ved wbraid"
    ),
    "Facebook, Instagram, Threads": (
        "__cft__[0] __tn__ __xts__[0] action_object_map action_ref_map action_type_map fb_action_ids fb_action_types fb_aggregation_id "
        "fb_comment_id fb_ref fb_source fb_xd_fragment fbadid fbclid fbxns ig_mid ig_rid igsh igshid mibextid xmt"
    ),
    "X and Twitter": (
        "__twitter_impression tw_campaign tw_source twclid twitter_impression"
    ),
    "TikTok, Snapchat, Pinterest, LinkedIn, Reddit": (
        "epik li_fat_id lici lipi rdt_cid sccid trackingid trk trkcampaign trkinfo tt_content tt_medium ttclid"
    ),
    "Microsoft and Bing": (
        "mkcid mkevt msclkid ocid"
    ),
    "Yandex, VK, Mail.ru": (
        "_openstat frommail rb_clickid syclid vkclid ybaip yclid ymclid ysclid"
    ),
    "Yahoo and AOL": (
        ".tsrc guccounter guce_referrer guce_referrer_sig ncid soc_src soc_trk sruid tsrc yptr"
    ),
    "Matomo, AT Internet, Webtrekk, comScore, Chartbeat": (
        "at_bbc_team at_campaign at_channel at_content at_creation at_custom1 at_custom2 at_custom3 at_custom4 at_emailtype at_format "
        "at_link_id at_link_origin at_link_type at_medium at_ptr_name at_term at_type at_variant cbref estat_svc etcc_cmp etcc_ctv "
        "etcc_cu etcc_grp etcc_med ns_campaign ns_fee ns_linkname ns_mail_job ns_mail_uid ns_mchannel ns_source wt_cc1 wt_cc2 wt_cc3 "
        "wt_ga wt_kw wt_mc wt_zmc xtcr xtloc xtmc xtnp xtor xtref"
    ),
    "Adobe and IBM": (
        "cm_lm cm_mmc cm_mmca1 cm_mmca2 cm_re cm_sp cm_ven ef_id s_cid s_cmp sc_channel sc_cid sc_customer sc_eh sc_lid sc_llid sc_src "
        "sc_uid"
    ),
    "Newsletters: Mailchimp, HubSpot, Marketo, Sailthru and others": (
        "__hsfp __hssc __hstc __s _bhlid _hsenc _hsmi _kx bbeml bsft_aaid bsft_clkid bsft_eid bsft_mid bsft_uid bxid ceid "
        "ck_subscriber_id cndid dm_i dm_t elq elq_cid elq_mid elqaid elqat elqcampaignid elqcsid elqcst elqtrack elqtrackid emci emdi "
        "esrc et_cid et_rid hash_email hmb_campaign hmb_medium hmb_source hsctatracking inf_contact_key klclid mail_id mc_cid mc_eid "
        "mc_tc mkt_tok ml_subscriber ml_subscriber_hash nl_id nlid nr_email_referer oft_c oft_ck oft_d oft_id oft_ids oft_k oft_lk "
        "oft_sid oly_anon_id oly_enc_id omhide s_subscriber_id sfmc_id sfmc_j sfmc_l sfmc_mid sfmc_sub sfmc_u sg_uid sms_click "
        "sms_source sms_uph spjobid spmailingid spreportid spuserid ss_email_id trk_contact trk_module trk_msg trk_sid trk_source "
        "unicorn_click_id user_email_address vero_conv vero_id vgo_ee wpisrc wpmid wpmm"
    ),
    "Advertising and affiliates": (
        "_branch_match_id _branch_referrer adgroupid aff_id affid afftrack awc click_id clickid cx_click cx_recsorder cx_recswidget "
        "cx_testid cx_testvariant dicbo gdffi gdfms gdftrk ir_adid ir_campaignid ir_partnerid irclickid irgwc obclick oborigurl obref "
        "raneaid ranmid ransiteid taboola_campaign_id tb_cid tblci tduid wickedid zanpid"
    ),
    "Sharing tools": (
        "aff_sub campaignsource cmpid dlbk doing_wp_cron echobox eref fb_locale feature_share feedname feedtype ftag ftcamp "
        "google_editors_picks hootpostid hpt icid icmp int_cmp intcid intcmp itid ito leadsource mtrref pinned_post_locator "
        "pwapi_token ref_src ref_url replytocom sh_ref_tk share_bandit_exp share_bandit_var share_id share_source shareid sharesource "
        "sharetype smid smtyp soc_client socialreferral spref sr_share sref_url taid tpcc traffic_source trueanthem tsmg wprov xrs"
    ),
    "Sessions": (
        "asp.net_sessionid aspsessionid cachebust cachebuster cfid cftoken guest_session_id jsessionid nocache oscsid phpsessid sessid "
        "sessionid zenid"
    ),
    "Portals in Asia": (
        "from_spmid isappinstalled nsukey share_from share_medium share_plat share_tag share_token spm spm_id_from vd_source wfr "
        "wxshare_count"
    ),
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
    "campaign channel cid cmp emc entry entrypoint feature from linksource mbid mc medium mkt mod nl orig origin partner platform ref "
    "refer referer referrer rel rref s_kwcid sc share shared sharer source sr src st tid via xcmp xid xref"
)
MAYBE: Final = frozenset(_MAYBE.split())
"""Names that are one or the other: dropped only with a value that says where a reader came from."""
CAME_FROM: Final = re.compile(
    r"(?:s[ms][-_](?:tw|fb|ig|li|wa|mail)|rss(?:feed|\d)?|atom|feeds?|feedly|feedburner|twitter|tw|twt|tweet|x\.com|t\.co|face?book|fb|fbook|insta(?:gram)?|ig|linkedin|"
    r"lnkd|whats ?app|"
    r"wa|telegram|tg|reddit|pinterest|tumblr|mastodon|timeline|groupmessage|singlemessage|weixin|wechat|weibo|qq|qzone|bluesky|bsky|threads|tiktok|youtube|youtu\.be|yt|e-?mail|mail|mailing|newsletters?|nl|push|alerts?|"
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
