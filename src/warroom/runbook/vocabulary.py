"""The words by which parts of a response document are known, one table per language.

In a table, words stand between blanks, `*` stands for any ending and `_` for a blank or a hyphen; accents are left away.
"""

import re
from functools import lru_cache

TABLES: dict[str, dict[str, str]] = {
    "en": {
        "stop": "the and of to is in for with that this are when be on it who not by or if you we",
        "severity": (
            "severit* sev sevs incident_level* incident_class* incident_priorit* incident_categor* alert_level* impact_level* "
            "threat_level* how_bad"
        ),
        "priority": (
            "priorit* prio level levels lvl classif* class classes grad* urgency rank ranking criticality category categories tier"
        ),
        "not_levels": (
            "stat* state states event events alert alerts alerting cadence cadences frequency communication* comms matrix "
            "escalat* playbook* runbook* template* rota rotation schedule on-call test tests risk risks likelihood log logs "
            "logging access support service_level* slo slos maturity confidence action action_items channel* notif* news "
            "update updates contact* role roles responsib* scenario* common vulnerabilit* backup backups metric* "
            "environment* threshold* monitor* feature* bug bugs roadmap*"
        ),
        "impact": (
            "impact impacts description descriptions definition definitions means meaning what defined summary symptoms "
            "effect scope what_it_means business_impact"
        ),
        "criteria": (
            "criteria criterion use_when when trigger triggers condition conditions applies_when applies_to qualif* indicators signs"
        ),
        "example": "example examples e.g sample scenarios typical",
        "name": "name title aka label type also_known_as nickname code_name",
        "acknowledge": "ack acks acknowledg* mtta",
        "resolve": "resol* fix fixed fixes restor* recover* mttr rto repair* workaround mitigat* closed close",
        "update": (
            "update updates updated cadence news communicat* comms frequency how_often interval status_page notif* report "
            "reports report* post posts status"
        ),
        "respond": (
            "response responses respond responds responding response_time* answer* react* reaction reply first_touch "
            "engage* start starts begin pickup"
        ),
        "time": (
            "time times sla slas target targets within by deadline deadlines timeframe window goal max maximum minutes "
            "hours ttr timing speed objective"
        ),
        "action": "action actions steps procedure do who what_to_do",
        "escalate": (
            "escalat* who_gets_called who_to_call call_tree call_chain chain_of_command if_nobody_answers paging_order who_is_called"
        ),
        "when_to": "when_to when_do criteria trigger* conditions reasons",
        "condition": (
            "condition conditions trigger triggers situation situations when if event scenario case symptom problem "
            "circumstance* criteria severity level priority incident"
        ),
        "target": (
            "action actions escalate escalates to notify notified who tell told target targets call escalation_point person "
            "contact whom inform* page"
        ),
        "delay": "after minute minutes min first initial initially then hour hours",
        "if": "if when whenever unless once in_case as_soon_as should",
        "then": "after within at past beyond for",
        "order": (
            "escalate escalates page pages notify notifies tell inform call contact alert engage wake ring involve loop_in "
            "bring_in reach_out phone add ping auto-escalate ask request text"
        ),
        "no_response": (
            "no_response* no_answer* no_ack* no_reply unanswered unacknowledged not_answer* not_respond* not_ack* "
            "without_response no_reaction unresponsive without_answer without_ack* without_an_answer not_responded "
            "unavailable unreachable can't_be_reached cannot_be_reached no_one_answers nobody_answers"
        ),
        "no_progress": (
            "no_progress no_fix no_mitigation no_resolution not_fixed not_resolved not_mitigated unresolved stuck stalled "
            "without_progress no_update no_updates not_progress* cannot_fix can't_fix cannot_resolve cannot_solve "
            "can't_solve cannot_be_resolved can't_resolve no_solution without_a_fix blocked unable_to"
        ),
        "duration": "duration last lasts lasting longer exceed* open ongoing still run runs more_than over beyond",
        "role": "role roles position function responsibility who person_in_charge title",
        "roles": (
            "role roles responsib* who_does_what people team_structure command_structure command_model incident_team response_team team who"
        ),
        "holder": "primary holder assigned default person owner name lead current filled_by main assignee who",
        "backup": "backup back-up deputy secondary alternate substitute escalation second fallback stand-in delegate",
        "contact": (
            "contact* reach phone phones slack chat email e-mail mail pager pagerduty telephone mobile method how handle "
            "handles number numbers via channel"
        ),
        "contacts": "contact contacts phone_numbers numbers telephone who_to_call reach directory",
        "duties": "dut* responsib* does task tasks what description job accountabilit* owns",
        "role_name": (
            "commander incident_commander ic lead leader manager coordinator scribe liaison responder facilitator "
            "communicat* sme expert operator spokesperson sponsor officer owner engineer director deputy representative "
            "analyst recorder note-taker notetaker moderator"
        ),
        "channels": "channel channels communication_channels where war_room* bridge chat",
        "purpose": "purpose use used used_for usage for when what audience",
        "checklist": (
            "check-list* checklist* check_list* steps_for to-do todo before_closing before_you_close before_closure "
            "hand-off handoff hand-over handover steps"
        ),
        "procedure": (
            "before_your after_your procedure* lifecycle life-cycle process steps workflow instructions what_to_do "
            "first_actions immediate_actions initial_actions actions response_actions on_declaration when_declared "
            "upon_declaration on_declar* at_the_start at_the_end start_of end_of start_of_shift end_of_shift before_you "
            "before_the before_open* before_clos* close closing closure close-out resolution recovery first_response "
            "initial_response initial_steps response_steps next_steps during while_it_lasts after_the_incident "
            "after_resolution post-incident_actions first_minutes first_5_minutes first_15_minutes containment eradication "
            "triage mitigation detection identification preparation investigation verification verify validation assess "
            "assessment quick_start quickstart tl;dr how_to_respond responding when_paged when_you_are_paged what_you_do "
            "afterwards wrap-up wrapping_up things_to_do how_to_run response duties do_this"
        ),
        "no_checklist": (
            "contents toc links references resources faq frequently_asked questions example examples reasons attendees "
            "participants principles goals why overview background glossary terms definitions tools scope audience values "
            "recovery_time* response_time* rto rpo sla slas "
            "prerequisites requirements lessons future history changelog see_also related agenda include includes "
            "philosophy objectives purpose metrics benefits symptoms causes common_causes possible_causes"
        ),
        "template": (
            "template* message messages notification* announcement* communication* comms e-mail* email* status_page* "
            "statuspage* customer_update* notice* copy-paste canned wording what_to_write snippets"
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
            "initial investigating identified monitoring resolved update started declared mitigated closed final degraded "
            "maintenance ongoing first next last all_clear"
        ),
        "declare": "declar* trigger* open*_an_incident what_is_an_incident is_it_an_incident",
        "immediate": "immediate immediately asap at_once instant instantly right_away now straight_away",
        "no_number": (
            "best_effort next_sprint next_release planned scheduled schedule can_be_scheduled no_sla none n/a when_possible "
            "when_there_is_time as_time_permits backlog weekly daily monthly next_business_day same_business_day same_day "
            "next_day end_of_day next_working_day eod tbd as_needed end_of_business* no no_target next_week next_morning "
            "as_capacity* low_priority twice_a_day once_a_day at_discretion as_available"
        ),
        "business": "business working office work",
        "optional": "optional",
    },
    "pt": {
        "stop": "de que nao para uma com os um em por dos das ao mais ou quando como os sao pelo",
        "severity": ("severidade* gravidade* nivel_de_severidade niveis_de_severidade nivel_de_gravidade niveis_de_gravidade criticidade"),
        "priority": "prioridade* nivel niveis classificac* classe classes urgencia categoria",
        "not_levels": (
            "estado* evento* alerta* frequencia comunicac* matriz escalonamento escalac* modelo* contato* papel papeis "
            "plantao risco* teste* acesso suporte canal canais status"
        ),
        "impact": "impacto descricao definicao significado o_que",
        "criteria": "criterio* quando condicao condicoes gatilho*",
        "example": "exemplo*",
        "name": "nome titulo tipo rotulo",
        "acknowledge": "reconhec* confirmac* ack",
        "resolve": "resoluc* solucao correc* recuperac* restaurac* reparo",
        "update": "atualizac* frequencia comunicac* comunicados",
        "respond": "resposta* reacao atendimento inicio",
        "time": "tempo prazo sla meta",
        "escalate": "escalonamento* escalac* escalar escalada",
        "condition": "condicao condicoes situacao situacoes quando se gatilho nivel severidade",
        "target": "acao acoes escalar_para avisar notificar quem contatar acionar",
        "delay": "apos depois minutos primeiro",
        "if": "se quando caso",
        "then": "apos em depois_de",
        "order": "avisar notificar chamar acionar escalar contatar ligar informar envolver",
        "no_response": "sem_resposta sem_retorno nao_responde* sem_confirmacao",
        "no_progress": "sem_solucao sem_progresso sem_correcao nao_houver_solucao nao_resolvido* sem_avanco",
        "duration": "duracao dura mais_de ha_mais_de persist*",
        "role": "papel funcao cargo responsavel_por perfil",
        "roles": "papel papeis responsabilidade* funcoes equipe quem_faz time_de_resposta",
        "holder": "titular responsavel principal primario nome",
        "backup": "substituto* reserva suplente secundario backup",
        "contact": "contato* telefone ramal email e-mail canal",
        "contacts": "contato* telefones",
        "duties": "responsabilidade* atribuic* tarefa* o_que_faz descricao",
        "role_name": "comandante lider coordenador* gerente comunicacao responsavel tecnico escriba analista",
        "channels": "canal canais comunicacao",
        "purpose": "finalidade uso objetivo para_que proposito",
        "checklist": "checklist* lista_de_verificacao passos_para",
        "procedure": (
            "procedimento* passos passo_a_passo fluxo etapas acoes primeiros processo ao_declarar antes_de resposta "
            "contencao erradicacao recuperacao triagem mitigacao deteccao investigacao"
        ),
        "no_checklist": "sumario indice referencias links exemplos objetivos perguntas glossario escopo",
        "template": "modelo* mensagem mensagens comunicado* aviso* template* notificac*",
        "subject": "assunto titulo",
        "channel_key": "canal",
        "postmortem": "post-mortem* postmortem* pos-incidente relatorio_de_incidente retrospectiva*",
        "agenda": "pauta agenda reuniao",
        "declare": "declarar declarac*",
        "immediate": "imediat*",
        "no_number": "melhor_esforco planejad* proximo_dia* proxima_sprint sem_sla sem_prazo backlog mesmo_dia",
        "business": "util uteis comercial comerciais",
        "optional": "opcional",
    },
    "es": {
        "stop": "de que no para una con los un en por las cuando como del se el la al mas y",
        "severity": "severidad* gravedad* nivel_de_severidad niveles_de_severidad criticidad",
        "priority": "prioridad* nivel niveles clasificac* clase clases urgencia categoria",
        "not_levels": (
            "estado* evento* alerta* frecuencia comunicac* matriz escalad* escalamiento plantilla* contacto* rol roles "
            "guardia riesgo* prueba* acceso soporte canal canales"
        ),
        "impact": "impacto descripcion definicion significado que",
        "criteria": "criterio* cuando condicion condiciones disparador*",
        "example": "ejemplo*",
        "name": "nombre titulo tipo",
        "acknowledge": "acuse reconocimiento ack confirmac*",
        "resolve": "resoluc* solucion recuperac* restaurac* arreglo reparac*",
        "update": "actualizac* frecuencia comunicac*",
        "respond": "respuesta* reaccion atencion inicio",
        "time": "tiempo plazo sla objetivo",
        "escalate": "escalad* escalamiento escalar escalonamiento escalacion",
        "condition": "condicion condiciones situacion situaciones cuando si disparador nivel severidad",
        "target": "accion acciones escalar_a avisar notificar quien contactar avisar_a",
        "delay": "tras despues minutos primero",
        "if": "si cuando",
        "then": "tras en despues_de",
        "order": "avisar notificar llamar escalar contactar informar involucrar",
        "no_response": "sin_respuesta no_responde* sin_confirmacion no_contesta*",
        "no_progress": "sin_solucion sin_progreso sin_avance no_resuelt* sin_resolver",
        "duration": "duracion dura mas_de persist*",
        "role": "rol funcion cargo puesto",
        "roles": "rol roles responsabilidad* funciones equipo quien_hace",
        "holder": "titular responsable principal primario nombre persona",
        "backup": "suplente* reserva sustituto* respaldo secundario",
        "contact": "contacto* telefono correo email canal",
        "contacts": "contacto* telefonos",
        "duties": "responsabilidad* tarea* que_hace funciones descripcion",
        "role_name": "comandante lider coordinador* gerente portavoz responsable tecnico escriba analista",
        "channels": "canal canales comunicacion",
        "purpose": "finalidad uso proposito para_que",
        "checklist": "checklist* lista_de_verificacion lista_de_comprobacion pasos_para",
        "procedure": (
            "procedimiento* pasos flujo etapas acciones proceso al_declarar antes_de respuesta contencion erradicacion "
            "recuperacion triaje mitigacion deteccion investigacion"
        ),
        "no_checklist": "indice contenido referencias enlaces ejemplos objetivos preguntas glosario alcance",
        "template": "plantilla* mensaje* comunicado* aviso* notificac*",
        "subject": "asunto titulo",
        "channel_key": "canal",
        "postmortem": "post-mortem* postmortem* posincidente informe_de_incidente retrospectiva*",
        "agenda": "agenda reunion orden_del_dia",
        "declare": "declarar declarac*",
        "immediate": "inmediat*",
        "no_number": "mejor_esfuerzo planificad* siguiente_dia* proximo_dia* proximo_sprint sin_sla sin_plazo mismo_dia",
        "business": "habil habiles laboral laborales laborables",
        "optional": "opcional",
    },
    "fr": {
        "stop": "de que ne pas pour une avec les un en par des quand est du et la le qui nous sur dans",
        "severity": "severite* gravite* niveau_de_gravite niveaux_de_gravite criticite",
        "priority": "priorite* niveau niveaux classific* classe classes urgence categorie",
        "not_levels": (
            "etat* evenement* alerte* frequence communication* matrice escalade* modele* contact* role roles astreinte "
            "risque* test* acces support canal canaux statut"
        ),
        "impact": "impact description definition signification quoi",
        "criteria": "critere* quand condition conditions declencheur*",
        "example": "exemple*",
        "name": "nom titre type",
        "acknowledge": "accuse* acquittement* prise_en_compte",
        "resolve": "resolution* correction retablissement reparation remise",
        "update": "mise_a_jour mises_a_jour frequence communication*",
        "respond": "reponse* reaction prise_en_charge intervention",
        "time": "temps delai* sla objectif",
        "escalate": "escalad* escalader",
        "condition": "condition conditions situation situations quand si declencheur niveau gravite",
        "target": "action actions prevenir notifier qui contacter escalader_vers",
        "delay": "apres minutes premier",
        "if": "si quand lorsque",
        "then": "apres en au_bout_de",
        "order": "prevenir notifier appeler escalader contacter informer",
        "no_response": "sans_reponse pas_de_reponse ne_repond_pas sans_acquittement",
        "no_progress": "sans_solution pas_de_solution sans_progres non_resolu* pas_resolu*",
        "duration": "duree dure plus_de depasse",
        "role": "role fonction poste",
        "roles": "role roles responsabilite* qui_fait_quoi equipe fonctions",
        "holder": "titulaire responsable principal nom personne",
        "backup": "suppleant* remplacant* secondaire adjoint",
        "contact": "contact* telephone courriel email canal",
        "contacts": "contact* telephones annuaire",
        "duties": "responsabilite* tache* missions description",
        "role_name": "pilote chef responsable coordinateur porte-parole scribe technicien commandant",
        "channels": "canal canaux communication",
        "purpose": "usage objet utilisation pour_quoi",
        "checklist": "checklist* check-list* liste_de_controle etapes_pour",
        "procedure": (
            "procedure* etapes deroulement actions processus a_faire avant_de reponse confinement eradication "
            "retablissement triage attenuation detection"
        ),
        "no_checklist": "sommaire references liens exemples objectifs questions glossaire perimetre",
        "template": "modele* message* communique* annonce* notification*",
        "subject": "objet sujet titre",
        "channel_key": "canal",
        "postmortem": "post-mortem* postmortem* rapport_d_incident* retrospective* retour_d_experience",
        "agenda": "ordre_du_jour reunion",
        "declare": "declarer declaration",
        "immediate": "immediat*",
        "no_number": "meilleur_effort planifie* prochain_jour* jour_ouvre_suivant prochain_sprint sans_sla sans_delai meme_jour",
        "business": "ouvre ouvres ouvree ouvrees ouvrable ouvrables",
        "optional": "facultatif optionnel",
    },
    "pl": {
        "stop": "i w nie na do sie co kto gdy jest o z po dla przez lub jak tym",
        "severity": "poziom_krytycznosci krytycznosc waga wagi istotnosc poziomy_incydentow",
        "priority": "priorytet* poziom poziomy klasyfikac* klasa klasy pilnosc kategoria",
        "not_levels": (
            "stan* status* zdarze* alert* czestotliwosc komunikac* macierz eskalac* szablon* kontakt* rola role dyzur* "
            "ryzyk* test* dostep wsparci* kanal*"
        ),
        "impact": "opis definicja znaczenie wplyw skutek",
        "criteria": "kryteri* kiedy warunk*",
        "example": "przyklad*",
        "name": "nazwa tytul typ",
        "acknowledge": "potwierdz* przyjec*",
        "resolve": "napraw* rozwiaz* przywroc* usuniec*",
        "update": "aktualizac* czestotliwosc komunikac*",
        "respond": "reakc* odpowied*",
        "time": "czas termin sla",
        "escalate": "eskalac* eskaluj*",
        "condition": "warunek warunki sytuacja sytuacje kiedy gdy jesli poziom priorytet",
        "target": "kogo kto dzialanie powiadomic eskaluj_do akcja",
        "delay": "po minutach najpierw",
        "if": "jesli gdy jezeli kiedy",
        "then": "po w",
        "order": "powiadom zadzwon eskaluj wezwij poinformuj zawiadom powiadomic",
        "no_response": "brak_odpowiedzi brak_reakcji nie_odpowiada bez_odpowiedzi",
        "no_progress": "brak_postepu brak_rozwiazania nierozwiazan* brak_naprawy",
        "duration": "trwa dluzej ponad czas_trwania",
        "role": "rola funkcja stanowisko",
        "roles": "rola role obowiazki odpowiedzialnosc* zespol kto_co_robi",
        "holder": "osoba glowny imie",
        "backup": "zastepca zastepcy zapasowy rezerwa",
        "contact": "kontakt* telefon email kanal",
        "contacts": "kontakt* telefony",
        "duties": "obowiazk* zadani* odpowiedzialnosc* opis",
        "role_name": "kierownik dowodca koordynator rzecznik lider technik protokolant",
        "channels": "kanal kanaly komunikacja",
        "purpose": "cel zastosowanie przeznaczenie",
        "checklist": "lista_kontrolna listy_kontrolne checklista kroki_dla",
        "procedure": "procedur* kroki postepowanie dzialania proces przed etapy",
        "no_checklist": "spis_tresci odnosniki przyklady cele pytania slownik zakres",
        "template": "szablon* wiadomosc* komunikat* powiadomien*",
        "subject": "temat tytul",
        "channel_key": "kanal",
        "postmortem": "post-mortem* postmortem* raport_z_incydentu retrospektyw*",
        "agenda": "agenda spotkani* porzadek",
        "declare": "oglos* zglasz*",
        "immediate": "natychmiast* od_razu niezwlocznie",
        "no_number": "bez_terminu nastepny_dzien* najblizszy_dzien* planowan* w_miare_mozliwosci",
        "business": "roboczy robocze roboczych roboczego",
        "optional": "opcjonaln*",
    },
    "de": {
        "stop": "der die und das ist nicht wenn wer was mit fur ein eine zu im auf bei von den wir",
        "severity": "schweregrad* schwere kritikalitat vorfallstufe*",
        "priority": "prioritat* stufe stufen klassifi* klasse klassen dringlichkeit kategorie",
        "not_levels": (
            "status zustand* ereignis* alarm* haufigkeit kommunikation* matrix eskalation* vorlage* kontakt* rolle rollen "
            "bereitschaft risik* test* zugriff support kanal kanale"
        ),
        "impact": "auswirkung* beschreibung definition bedeutung",
        "criteria": "kriteri* wann bedingung*",
        "example": "beispiel*",
        "name": "name titel typ bezeichnung",
        "acknowledge": "bestatig* annahme",
        "resolve": "behebung* losung* wiederherstell* losungszeit",
        "update": "aktualisierung* update* haufigkeit",
        "respond": "reaktion* antwort* reaktionszeit*",
        "time": "zeit frist sla ziel reaktionszeit* losungszeit* antwortzeit*",
        "escalate": "eskalation* eskalier*",
        "condition": "bedingung* situation* wann wenn ausloser stufe",
        "target": "aktion wen wer massnahme* eskalieren_an informieren",
        "delay": "nach minuten zuerst",
        "if": "wenn falls sobald",
        "then": "nach innerhalb",
        "order": "informieren anrufen benachrichtigen eskalieren wecken verstandigen",
        "no_response": "keine_antwort keine_reaktion antwortet_nicht ohne_antwort",
        "no_progress": "keine_losung kein_fortschritt ungelost ohne_losung",
        "duration": "dauer dauert langer mehr_als",
        "role": "rolle funktion position",
        "roles": "rolle rollen verantwort* wer_macht_was team",
        "holder": "inhaber person name haupt* verantwortlich*",
        "backup": "vertretung stellvertret* ersatz",
        "contact": "kontakt* telefon email kanal",
        "contacts": "kontakt* telefonliste",
        "duties": "aufgabe* verantwort* beschreibung",
        "role_name": "einsatzleit* leiter koordinator* sprecher* protokollant* technik*",
        "channels": "kanal kanale kommunikation",
        "purpose": "zweck verwendung wofur",
        "checklist": "checkliste* prufliste schritte_fur",
        "procedure": "ablauf schritte vorgehen massnahmen prozess vor_dem bei_beginn sofortmassnahmen",
        "no_checklist": "inhalt* verweise beispiele ziele fragen glossar",
        "template": "vorlage* nachricht* mitteilung* benachrichtigung*",
        "subject": "betreff titel",
        "channel_key": "kanal",
        "postmortem": "post-mortem* postmortem* nachbesprechung* abschlussbericht* retrospektive*",
        "agenda": "agenda tagesordnung besprechung",
        "declare": "ausrufen melden erklaren",
        "immediate": "sofort* unverzuglich",
        "no_number": "nach_moglichkeit nachster_werktag nachster_arbeitstag geplant keine_frist",
        "business": "werktag* arbeitstag* arbeitsstund* geschaftszeit*",
        "optional": "optional",
    },
}
RANKS: tuple[str, ...] = (
    (
        "critical critica critico critique krytyczny krytyczna krytyczne kritisch catastrophic emergency blocker severe "
        "disaster extreme fatal outage sev-critical highest urgent urgente urgent very_high muito_alta muito_alto muy_alta "
        "tres_haute bardzo_wysoki red rot rojo vermelho rouge black crisis"
    ),
    (
        "high major error serious alto alta elevado elevada haute eleve elevee majeur majeure wysoki wysoka hoch orange "
        "amber important importante grave"
    ),
    (
        "medium moderate warning normal medio media moyenne moyen sredni srednia mittel yellow amarillo amarelo jaune gelb "
        "standard moderado moderada"
    ),
    (
        "low minor info informational baixo baixa baja bajo basse faible mineur mineure niski niska niedrig gering green "
        "verde vert grun leve menor notice information"
    ),
    "trivial cosmetic negligible lowest very_low muito_baixa minimal none",
)
"""What one word says of a level, the worst first."""
PREFIXES = (
    "p prio s sev severity priority level lvl l tier class cat category grade severidade severidad severite gravidade "
    "gravedad gravite prioridade prioridad priorite nivel niveau poziom priorytet stufe prioritat schweregrad klasse "
    "incident_level impact_level t c i"
)
"""What stands before the number of a label."""
SCRIPTS = (
    ("ja", "[\u3040-\u30ff]"),
    ("ko", "[\uac00-\ud7af]"),
    ("zh", "[\u4e00-\u9fff]"),
    ("ru", "[\u0400-\u04ff]"),
    ("el", "[\u0370-\u03ff]"),
)
_OTHER_BASES = str.maketrans({"ł": "l", "Ł": "L", "ß": "s", "ø": "o", "Ø": "O", "đ": "d", "’": "'", "\xa0": " "})
_WORD = re.compile(r"[a-z]+")


def plain(text: str) -> str:
    """The text without accents; each character stays where it is."""
    import unicodedata

    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFD", sign)[0] if sign > "\x7f" else sign for sign in text.translate(_OTHER_BASES))


_ADDRESS = re.compile(r"\S*(?:@|://|\w\.\w)\S*")
"""`ann@bakery.com` is no Portuguese."""


def language_of(text: str) -> str:
    """By its script, else by the most frequent small words; "en" when nothing says more."""
    sample = _ADDRESS.sub(" ", text[:60_000])
    letters = sum(map(str.isalpha, sample)) or 1
    for name, signs in SCRIPTS:
        if len(re.findall(signs, sample)) > letters / 5:
            return name
    words = _WORD.findall(plain(sample).casefold())
    counts = {name: sum((word in stop) + 2 * (word in _OWN[name]) for word in words) for name, stop in _STOP.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > 1.2 * counts["en"] else "en"


@lru_cache(maxsize=1024)
def says(language: str, concept: str) -> re.Pattern[str]:
    """Matches any of the concept's words, in English and in the document's language, in text made `plain`."""
    words = TABLES["en"].get(concept, "")
    if language in TABLES and language != "en":
        words += " " + TABLES[language].get(concept, "")
    return pattern(words)


@lru_cache(maxsize=256)
def pattern(words: str) -> re.Pattern[str]:
    parts = [re.escape(word).replace(r"\*", r"\w*").replace("_", r"[\s-]+").replace(r"\-", r"[\s-]?") for word in words.split()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(parts, key=len, reverse=True)) or '(?!)'})(?!\w)", re.IGNORECASE)


def rank_word(text: str) -> tuple[int, int] | None:
    """The rank that the first word or two give, and where they end."""
    for rank, words in enumerate(RANKS):
        if found := pattern(words).match(plain(text)):
            return rank, found.end()
    return None


_STOP = {name: frozenset(table["stop"].split()) for name, table in TABLES.items()}
_ALL = {name: frozenset(word for words in table.values() for word in words.split() if word.isalpha()) for name, table in TABLES.items()}
_OWN = {
    name: words.difference(*(other for each, other in _ALL.items() if each != name)) if name != "en" else frozenset()
    for name, words in _ALL.items()
}
