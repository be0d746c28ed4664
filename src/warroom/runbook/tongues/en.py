"""What the parts of a response document are called in English."""

WORDS = {
    "stop": "the and of to is in for with that this are when be on it who not by or if you we",
    "severity": (
        "severit* sev sevs incident_level* incident_class* incident_priorit* incident_categor* alert_level* impact_level* "
        "threat_level* how_bad"
    ),
    "priority": "priorit* prio level levels lvl classif* class classes grad* urgency rank ranking criticality category categories tier",
    "not_levels": (
        "stat* state states event events alert alerts alerting cadence cadences frequency communication* comms matrix escalat* "
        "playbook* runbook* template* rota rotation schedule on-call test tests risk risks likelihood log logs logging access "
        "support service_level* slo slos maturity confidence action action_items channel* notif* news update updates contact* "
        "role roles responsib* scenario* common vulnerabilit* backup backups metric* environment* threshold* monitor* feature* "
        "bug bugs roadmap*"
    ),
    "impact": (
        "impact impacts description descriptions definition definitions means meaning what defined summary symptoms effect scope "
        "what_it_means business_impact"
    ),
    "criteria": "criteria criterion use_when when trigger triggers condition conditions applies_when applies_to qualif* indicators signs",
    "example": "example examples e.g sample scenarios typical",
    "name": "name title aka label type also_known_as nickname code_name",
    "acknowledge": "ack acks acknowledg* mtta",
    "resolve": "resol* fix fixed fixes restor* recover* mttr rto repair* workaround mitigat* closed close",
    "update": (
        "update updates updated cadence news communicat* comms frequency how_often interval status_page notif* report reports "
        "report* post posts status"
    ),
    "respond": (
        "response responses respond responds responding response_time* answer* react* reaction reply first_touch engage* start "
        "starts begin pickup"
    ),
    "time": (
        "time times sla slas target targets within by deadline deadlines timeframe window goal max maximum minutes hours ttr "
        "timing speed objective"
    ),
    "action": "action actions steps procedure do who what_to_do",
    "escalate": (
        "escalat* who_gets_called who_gets_paged who_is_paged who_to_call call_tree call_chain chain_of_command "
        "if_nobody_answers paging_order who_is_called"
    ),
    "when_to": "when_to when_do criteria trigger* conditions reasons",
    "condition": (
        "condition conditions trigger triggers situation situations when if event scenario case symptom problem circumstance* "
        "criteria severity level priority incident"
    ),
    "target": (
        "action actions escalate escalates to notify notified who tell told target targets call escalation_point person contact "
        "whom inform* page"
    ),
    "delay": "after minute minutes min first initial initially then hour hours",
    "if": "if when whenever unless once in_case as_soon_as should",
    "then": "after within at past beyond for",
    "order": (
        "escalate escalates page pages notify notifies tell inform call contact alert engage wake ring involve loop_in bring_in "
        "reach_out phone add ping auto-escalate ask request text"
    ),
    "no_response": (
        "no_response* no_answer* no_ack* no_reply unanswered unacknowledged not_answer* not_respond* not_ack* without_response "
        "no_reaction unresponsive without_answer without_ack* without_an_answer not_responded unavailable unreachable "
        "can't_be_reached cannot_be_reached no_one_answers nobody_answers"
    ),
    "no_progress": (
        "no_progress no_fix no_mitigation no_resolution not_fixed not_resolved not_mitigated unresolved stuck stalled "
        "without_progress no_update no_updates not_progress* cannot_fix can't_fix cannot_resolve cannot_solve can't_solve "
        "cannot_be_resolved can't_resolve no_solution without_a_fix blocked unable_to"
    ),
    "duration": "duration last lasts lasting longer exceed* open ongoing still run runs more_than over beyond",
    "role": "role roles position function responsibility who person_in_charge title",
    "roles": (
        "role roles responsib* who_does_what people team_structure command_structure command_model incident_team response_team team who"
    ),
    "holder": "primary holder assigned default person owner name lead current filled_by main assignee who",
    "backup": "backup back-up deputy secondary alternate substitute escalation second fallback stand-in delegate",
    "contact": (
        "contact* reach phone phones slack chat email e-mail mail pager pagerduty telephone mobile method how handle handles "
        "number numbers via channel"
    ),
    "contacts": "contact contacts phone_numbers numbers telephone who_to_call reach directory",
    "duties": "dut* responsib* does task tasks what description job accountabilit* owns",
    "role_name": (
        "commander incident_commander ic lead leader manager coordinator scribe liaison responder facilitator communicat* sme "
        "expert operator spokesperson sponsor officer owner engineer director deputy representative analyst recorder note-taker "
        "notetaker moderator"
    ),
    "channels": "channel channels communication_channels where war_room* bridge chat",
    "purpose": "purpose use used used_for usage for when what audience",
    "checklist": (
        "check-list* checklist* check_list* steps_for to-do todo before_closing before_you_close before_closure hand-off handoff "
        "hand-over handover steps"
    ),
    "procedure": (
        "before_your after_your procedure* lifecycle life-cycle process steps workflow instructions what_to_do first_actions "
        "immediate_actions initial_actions actions response_actions on_declaration when_declared upon_declaration on_declar* "
        "at_the_start at_the_end start_of end_of start_of_shift end_of_shift before_you before_the before_open* before_clos* "
        "close closing closure close-out resolution recovery first_response initial_response initial_steps response_steps "
        "next_steps during while_it_lasts after_the_incident after_resolution post-incident_actions first_minutes first_5_minutes "
        "first_15_minutes containment eradication triage mitigation detection identification preparation investigation "
        "verification verify validation assess assessment quick_start quickstart tl;dr how_to_respond responding when_paged "
        "when_you_are_paged what_you_do afterwards wrap-up wrapping_up things_to_do how_to_run response duties do_this"
    ),
    "no_checklist": (
        "contents toc links references resources faq frequently_asked questions example examples reasons attendees participants "
        "principles goals why overview background glossary terms definitions tools scope audience values recovery_time* "
        "response_time* rto rpo sla slas prerequisites requirements lessons future history changelog see_also related agenda "
        "include includes philosophy objectives purpose metrics benefits symptoms causes common_causes possible_causes"
    ),
    "template": (
        "template* message messages notification* announcement* communication* comms e-mail* email* status_page* statuspage* "
        "customer_update* notice* copy-paste canned wording what_to_write snippets"
    ),
    "email": "email* e-mail* mail mails newsletter",
    "statuspage": "status_page* statuspage* status-page*",
    "slack": "slack chat",
    "subject": "subject title",
    "channel_key": "channel via send_to where post_in audience to",
    "postmortem": (
        "post-mortem* postmortem* post_mortem* post-incident_review* post-incident_report* post_incident_review* "
        "post_incident_report* retrospective* incident_report* after-action* after_action* incident_review* pir rca "
        "root_cause_analysis blameless"
    ),
    "agenda": "agenda meeting",
    "states": (
        "initial investigating identified monitoring resolved update started declared mitigated closed final degraded maintenance "
        "ongoing first next last all_clear"
    ),
    "declare": "declar* trigger* open*_an_incident what_is_an_incident is_it_an_incident",
    "immediate": "immediate immediately asap at_once instant instantly right_away now straight_away",
    "no_number": (
        "best_effort next_sprint next_release planned scheduled schedule can_be_scheduled no_sla none n/a when_possible "
        "when_there_is_time as_time_permits backlog weekly daily monthly next_business_day same_business_day same_day next_day "
        "end_of_day next_working_day eod tbd as_needed end_of_business* no no_target next_week next_morning as_capacity* "
        "low_priority twice_a_day once_a_day at_discretion as_available"
    ),
    "business": "business working office work",
    "optional": "optional",
}
