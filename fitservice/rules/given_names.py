"""Common given names in Norway, in small letters, without those that are ordinary words (dag, liv, stein, tone …).

Chosen by us after Statistics Norway's name statistics, where they are among the common ones; no list is complete.
"""

_NAMES = """
aase abdi abdul abdullah adam adrian agnes agnieszka ahmad ahmed aisha aksel albert alex alexander alexandra alf
alfred ali alice amalie amanda amina amira amund anders andrea andreas andrzej andré anette ann anna anne annika
anton arild arne aron arvid asbjørn asta astrid atle aud aurora axel beate benedicte benjamin bente berit bernt
birger birgit birgitte bjarne bjørg bjørn bjørnar bodil brit britt camilla carina carl casper cathrine cecilie
charlotte christer christian christina christine christoffer dagfinn dagny daniel david ebba edvard egil einar eirik
elena elias elin eline elisabeth elise ella ellen ellinor elsa else emil emilie emily emma erik erlend erling espen
esten eva evelyn fabian farah fatima fatma ferdinand filip fredrik frida fridtjof frode gabriel georg gerd gina
gjermund grete grethe gudrun gunn gunnar guro gustav hamza hanna hanne hans harald hassan hedda hege heidi helene
helga helge helle henning henny henrik herman hilda hilde hildur håkan håkon håvard ibrahim ida inga ingebjørg
ingeborg inger ingrid ingunn ingvild irene isabella iselin ismail ivar iver jacob jakob jan janne jannicke jeanette
jenny jens jesper joakim johan johanna johanne johannes johnny jon jonas jonathan jorunn jostein julia julian julie
jørgen jørn kaja kamilla karen kari karianne karin karl karoline kasper katarzyna kathrine katrine ketil kevin
khadija khalid kim kine kirsten kjell kjersti kjetil knut konrad kristian kristin kristina kristine kristoffer
krzysztof kåre laila lars lasse leah leif lene leon leonora liam lill lillian lina linda line linn linnea lisa lise
lotte louise lucas ludvig lukas magda magne magnhild magnus maja malene malin marcus maren margit margrete margrethe
maria mariam marianne marie marit marius markus marta marte marthe martin martine maryam mathea mathias mathilde
matteo max merete mette mia michael mikael mikkel milla mina mohamed mohammad mohammed mona monica morten muhammad
mustafa nadia natalia natalie nicolai nikolai nils nina noah nora norunn oda oddvar ola olaf olav ole oliver olivia
oliwia omar oscar oskar osman otto ove patrick paul paulina paweł peder peter petra petter philip pia piotr preben
pål rachel ragna ragnar ragnhild randi rasmus rebecca reidar reidun renate rikke roald robert robin roger roland
rolf ronny roy runar rune ruth sander sandra sara sarah sebastian selma sigbjørn signe sigrid sigurd silje simen
simon siri sissel siv snorre sofia sofie solfrid solveig sondre stefan steffen stian stig stine sunniva susanne
svein sverre synne synnøve tarjei terje thea theodor thomas thor thorbjørn tiril tobias tomasz tommy tor torbjørn
tord tore torgeir torhild torill torstein torunn trine trond trude trygve turid tuva ulf ulrik una unni vegard vera
veronica vetle victoria viktor vilde vilja vivian wenche william yasmin yngve yusuf zahra zofia ådne åge åse åshild
åsmund østein øystein øyvind
"""
_ALSO_WORDS = "anna else helga inga jan line max stig tor vera"

GIVEN_NAMES = frozenset(_NAMES.split())
ALSO_WORDS = frozenset(_ALSO_WORDS.split())
"""Those among them that are words too: names only with a capital."""

FAMILY_NAMES = frozenset(
    """
    ali ahmed andersen andreassen antonsen arnesen christensen christiansen danielsen eriksen evensen fredriksen
    gulbrandsen gundersen halvorsen hansen henriksen isaksen iversen jacobsen jakobsen jensen jenssen johannessen
    johansen johnsen jørgensen karlsen knudsen knutsen kristensen kristiansen kristoffersen larsen larssen madsen
    martinsen mathisen mikkelsen nguyen nielsen nilsen nilssen olsen ottesen paulsen pedersen pettersen rasmussen
    simonsen solberg svendsen sørensen thomassen thoresen tollefsen
    """.split()  # noqa: SIM905 - as above
)
"""Common family names that are no words."""
