"""The small grammar of questions: who acts on whom, with what, and what is refused with an offer."""

import re
from datetime import date

import pytest

from geoecon.errors import InputError
from geoecon.questions.ask import ask, rows_for
from geoecon.questions.reading import read_question
from geoecon.questions.wording import with_options

READ = [
    ("China stops graphite to Korea", "CHN", "KOR", "natural_graphite", "ban"),
    ("what if China stops graphite to Korea?", "CHN", "KOR", "natural_graphite", "ban"),
    ("graphite to Korea from China stopped", "CHN", "KOR", "natural_graphite", "ban"),
    ("Graphite exports to Korea are stopped by China", "CHN", "KOR", "natural_graphite", "ban"),
    ("Korea loses Chinese graphite", "CHN", "KOR", "natural_graphite", "ban"),
    ("Indonesia bans nickel ore exports to Japan", "IDN", "JPN", "nickel_ore", "ban"),
    ("Chile taxes copper exports to China", "CHL", "CHN", "copper_ore", "export-tax"),
    ("Russia halves palladium to the United States", "RUS", "USA", "palladium", "quota"),
    ("Congo sets a cobalt quota for China", "COD", "CHN", "cobalt", "quota"),
    ("China bans Australian iron ore", "CHN", "AUS", "iron_ore", "import-ban"),
    ("China refuses Lithuanian beef", "CHN", "LTU", "beef", "import-ban"),
    ("Germany stops buying Russian gas", "DEU", "RUS", "natural_gas", "import-ban"),
    ("China boycotts Australian wine", "CHN", "AUS", "wine", "boycott"),
    ("The US puts a 25 % tariff on Chinese magnets", "USA", "CHN", "magnets", "tariff"),
    ("South Africa licences manganese to India", "ZAF", "IND", "manganese_ore", "licence"),
    ("China requires licences for gallium to the EU", "CHN", "EU27", "gallium", "licence"),
    ("Japan puts photoresist under licences for China", "JPN", "CHN", "photoresist", "licence"),
    ("the Gulf four stop gas to India", "GULF4", "IND", "natural_gas", "ban"),
    ("3C002 from Japan to China under licences", "JPN", "CHN", "photoresist", "licence"),
    ("DRC suspends cobalt exports to China", "COD", "CHN", "cobalt", "ban"),
]
# who sells, who buys and who acts, in every kind of sentence
DIRECTIONS = [
    ("Japan buys no seafood from China", "JPN", "CHN", "fish", "import-ban"),
    ("China no longer takes Japanese fish", "CHN", "JPN", "fish", "import-ban"),
    ("Egypt will not buy Russian wheat", "EGY", "RUS", "wheat", "import-ban"),
    ("India cuts palm oil purchases from Malaysia by 40 %", "IND", "MYS", "palm_oil", "import-ban"),
    ("Lithuanian beef is refused by China", "CHN", "LTU", "beef", "import-ban"),
    ("China's ban on Lithuanian milk", "CHN", "LTU", "dairy", "import-ban"),
    ("EU import ban on Russian coal", "EU27", "RUS", "coal", "import-ban"),
    ("Turkey turns away Israeli cement", "TUR", "ISR", "cement", "import-ban"),
    ("The EU sends back South African oranges", "EU27", "ZAF", "oranges", "import-ban"),
    ("China limits Taiwanese pineapples", "CHN", "TWN", "pineapples", "import-ban"),
    ("Norwegian salmon is boycotted by China", "CHN", "NOR", "fish", "boycott"),
    ("A boycott of Japanese cosmetics by Chinese consumers", "CHN", "JPN", "cosmetics", "boycott"),
    ("Australia's barley is hit by an 80 % Chinese duty", "CHN", "AUS", "barley", "tariff"),
    ("Chinese EVs face a 35 % EU tariff", "EU27", "CHN", "electric_cars", "tariff"),
    ("China hits Australia with a wine tariff of 200 %", "CHN", "AUS", "wine", "tariff"),
    ("HS-code 8507.60 from China to the US: tariff 100 %", "USA", "CHN", "batteries", "tariff"),
    ("Chile's copper is taxed by the US at 50 %", "USA", "CHL", "copper_ore", "tariff"),
    ("Indonesia puts a 10 % duty on nickel ore to China", "IDN", "CHN", "nickel_ore", "export-tax"),
    ("Chinese tourists stop going to Japan", "CHN", "JPN", "tourism", "import-ban"),
    ("China refuses graphite exports to Korea", "CHN", "KOR", "natural_graphite", "ban"),
    ("China will not sell graphite to Korea", "CHN", "KOR", "natural_graphite", "ban"),
    ("What if Korea could not buy graphite from China?", "CHN", "KOR", "natural_graphite", "ban"),
    ("Korea no longer gets graphite from China", "CHN", "KOR", "natural_graphite", "ban"),
    ("China denies Japan rare earths", "CHN", "JPN", "rare_earths", "ban"),
    ("Beijing cuts Tokyo off from rare earths", "CHN", "JPN", "rare_earths", "ban"),
    ("Russia keeps gas from Poland", "RUS", "POL", "natural_gas", "ban"),
    ("Ethiopia without Saudi oil", "SAU", "ETH", "crude_oil", "ban"),
    ("DR Congo lets no cobalt out to China", "COD", "CHN", "cobalt", "ban"),
    ("Would a Chinese export ban on rare earths hurt Germany?", "CHN", "DEU", "rare_earths", "ban"),
    ("What would happen to India if Morocco stopped its phosphate?", "MAR", "IND", "phosphate_rock", "ban"),
    ("How badly would Korea be hit if Qatar halved LNG?", "QAT", "KOR", "lng", "quota"),
    ("Is Japan hurt when China licences rare earth magnets?", "CHN", "JPN", "magnets", "licence"),
    ("US GPUs to China are banned", "USA", "CHN", "graphics_chips", "ban"),
    ("gallium: China, Japan, ban", "CHN", "JPN", "gallium", "ban"),
    ("Netherlands licences 3B001 to China", "NLD", "CHN", "chip_equipment", "licence"),
    ("China stops synthetic graphite to Korea", "CHN", "KOR", "artificial_graphite", "ban"),
    ("China stops tungsten carbide to Germany", "CHN", "DEU", "tungsten_carbide", "ban"),
    ("Vietnam stops rare-earth oxides to Japan", "VNM", "JPN", "rare_earth_compounds", "ban"),
    ("the lithium triangle stops lithium to Japan", "LITHIUM3", "JPN", "lithium", "ban"),
    ("graphite: China -> Korea stopped", "CHN", "KOR", "natural_graphite", "ban"),
    ("graphite China → Korea stopped", "CHN", "KOR", "natural_graphite", "ban"),
    ("China -> Korea graphite", "CHN", "KOR", "natural_graphite", None),
    ("Korea's graphite supply from China is cut off", "CHN", "KOR", "natural_graphite", "ban"),
    ("Korea's imports of Chinese graphite stop", "CHN", "KOR", "natural_graphite", "ban"),
    ("Japan's copper ore from Chile is cut off", "CHL", "JPN", "copper_ore", "ban"),
    ("What if Germany's gas supply from Russia stops?", "RUS", "DEU", "natural_gas", "ban"),
    ("Japanese gallium from China is blocked", "CHN", "JPN", "gallium", "ban"),
    ("Japanese seafood banned in China", "CHN", "JPN", "fish", "import-ban"),
    ("Chinese cars are banned in the EU", "EU27", "CHN", "cars", "import-ban"),
    ("Japanese seafood is banned from China", "CHN", "JPN", "fish", "import-ban"),
    ("China suspends export licences for gallium to Japan", "CHN", "JPN", "gallium", "licence"),
]


# as ministers ask: firms, groups, customs codes with points, nouns for verbs, those who suffer first
MINISTERS = [
    ("What happens to Germany if Russia turns off the gas?", "RUS", "DEU", "natural_gas", "ban"),
    ("Could the EU live without Chinese magnesium?", "CHN", "EU27", "magnesium", "ban"),
    ("China cuts Canada off from rare earths", "CHN", "CAN", "rare_earths", "ban"),
    ("China halts 8112.92 to Korea", "CHN", "KOR", "gallium", "ban"),
    ("Gazprom cuts gas to Austria", "RUS", "AUT", "natural_gas", "quota"),
    ("TSMC stops chips to the US", "TWN", "USA", "chips", "ban"),
    ("The Netherlands stops EUV machines to China", "NLD", "CHN", "chip_equipment", "ban"),
    ("Kazakhstan stops uranium to France", "KAZ", "FRA", "natural_uranium", "ban"),
    ("OPEC stops oil to the US", "OPEC", "USA", "crude_oil", "ban"),
    ("China puts graphite under licence for the G7", "CHN", "G7", "natural_graphite", "licence"),
    ("China stops rare earths to Japan, Korea and Taiwan", "CHN", "JPN+KOR+TWN", "rare_earths", "ban"),
    ("The US and the EU put a 25 % tariff on Chinese electric cars", "USA+EU27", "CHN", "electric_cars", "tariff"),
    ("Ban on Russian fish in the EU", "EU27", "RUS", "fish", "import-ban"),
    ("Norwegian salmon is no longer accepted in China", "CHN", "NOR", "fish", "import-ban"),
    ("Chinese tour groups no longer visit Taiwan", "CHN", "TWN", "tourism", "import-ban"),
    ("Tomatoes from Mexico face a 17 % US duty", "USA", "MEX", "tomatoes", "tariff"),
    ("Mexico is hit by a US tariff of 30 percent on tomatoes", "USA", "MEX", "tomatoes", "tariff"),
    ("Japan removes Korea from its white list for hydrogen fluoride", "JPN", "KOR", "hydrogen_fluoride", "licence"),
    ("No more gallium from China for the Americans", "CHN", "USA", "gallium", None),
    ("Should Beijing ban exports of antimony to America again, what then?", "CHN", "USA", "antimony_ore", "ban"),
]


@pytest.mark.parametrize(("text", "sender", "target", "good", "instrument"), [*READ, *DIRECTIONS, *MINISTERS])
def test_who_acts_on_whom_with_what(text, sender, target, good, instrument):
    made = read_question(text)
    assert (made.sender.code, made.target.code, made.good.id, made.instrument) == (sender, target, good, instrument)


@pytest.mark.parametrize("text", [
    "Chile and Peru stop copper ore to Japan", "Chile, Peru and Mexico stop copper ore to Japan",
    "Chile together with Peru stops copper ore to Japan", "Chile & Peru tax copper ore to Japan",
])  # fmt: skip
def test_several_states_may_withhold_together(text):
    made = read_question(text)
    assert (made.sender.code, made.target.code) == ("CHL", "JPN")
    assert {place.code for place in made.allies} >= {"PER"}
    assert made.senders.startswith("Chile")
    assert made.senders.endswith(("and Peru", "and Mexico"))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Russia halves palladium to the United States", 0.5), ("Russia cuts gas to Germany by 40 %", 0.4),
        ("Peru cuts copper ore exports to China to a third", 2 / 3),
        ("Congo sets a cobalt quota of 30 % for China", 0.7),
        ("China cuts graphite to Korea by 0.3", 0.3), ("China cuts graphite to Korea to 0.3", 0.7),
        ("China cuts graphite to Korea from 50% to 30%", 0.4), ("China cuts graphite to Korea by forty percent", 0.4),
        ("China cuts graphite to Korea by twenty-five per cent", 0.25),
        ("China cuts graphite to Korea by 0.3 %", 0.003),
        ("Chile reduces lithium to Japan by two thirds", 2 / 3), ("China stops graphite to Korea", None),
        ("Russia halves palladium to the United States", 0.5),
        ("Russia cuts gas to Germany by 40 %", 0.4),
        ("Chile reduces lithium to Japan by two thirds", 2 / 3),
        ("China stops graphite to Korea", None),
    ],
)  # fmt: skip
def test_how_much(text, cut):
    assert read_question(text).cut == (None if cut is None else pytest.approx(cut))


def test_a_rate_is_a_duty_and_no_cut():
    made = read_question("Brazil sets a 30 % export tax on iron ore to China")
    assert (made.instrument, made.duty, made.cut) == ("export-tax", pytest.approx(0.3), None)


def test_from_when_and_how_long():
    made = read_question("Canada stops potash to Brazil for six months from 2027-03-01")
    assert made.start == date(2027, 3, 1)
    assert made.days == pytest.approx(6 * 365 / 12)
    until = read_question("Qatar stops LNG to Japan from January 2027 until 2028-01-01")
    assert (until.start, until.days) == (date(2027, 1, 1), 365)


@pytest.mark.parametrize(
    ("text", "start", "days"),
    [
        ("Canada puts a six-month ban on potash to Brazil from March 1, 2027", date(2027, 3, 1), 6 * 365 / 12),
        ("Gabon stops manganese to China between 2027 and 2029", date(2027, 1, 1), 731),
        ("China stops graphite to Korea from 1 March 2027 to 1 June 2027", date(2027, 3, 1), 92),
        ("China stops graphite to Korea from March to June 2027", date(2027, 3, 1), 92),
        ("Gabon stops manganese to China from 2027 to 2029", date(2027, 1, 1), 731),
        ("Gabon stops manganese to China throughout 2027", date(2027, 1, 1), 365),
        ("Gabon stops manganese to China from 2027-02-01 until the end of 2027", date(2027, 2, 1), 333),
    ],
)
def test_times_in_other_words(text, start, days):
    made = read_question(text)
    assert (made.start, made.days) == (start, pytest.approx(days, abs=2))


@pytest.mark.parametrize(
    ("text", "measure", "says"),
    [
        ("China stops graphite to Korea", "tariff", "China sells natural graphite to Korea"),
        ("China stops graphite to Korea", "boycott", "China sells natural graphite to Korea"),
        ("China bans Australian iron ore", "licence", "China buys iron ore from Australia"),
    ],
)
def test_a_measure_beside_the_words_does_not_turn_the_flow(text, measure, says):
    with pytest.raises(InputError, match=says):
        with_options(read_question(text), instrument=measure)


def test_a_measure_beside_the_words_is_taken_on_the_side_of_the_words():
    made = with_options(read_question("China bans Australian iron ore"), instrument="ban")
    assert (made.sender.code, made.instrument) == ("CHN", "import-ban")
    taxed = with_options(read_question("China cuts graphite to Korea by 40 %"), instrument="export-tax", duty=0.2)
    assert (taxed.cut, taxed.duty) == (None, 0.2)


@pytest.mark.parametrize(
    "options", [{"duty": 0.25}, {"cut": 0.5, "duty": 0.25}, {"instrument": "export-tax", "cut": 0.5}]
)
def test_each_measure_has_its_own_size(options):
    with pytest.raises(InputError, match=r"duty|cut"):
        with_options(read_question("China stops graphite to Korea"), **options)


def test_what_was_not_read_is_said():
    notes = " ".join(read_question("Mexico bans GM corn from the US").notes)
    assert "not read: GM" in notes
    assert "corn is read as maize" in notes
    assert "a stop is assumed" in " ".join(read_question("China, Korea: graphite").notes)


def test_a_shared_name_is_said():
    assert any("North Korea" in note for note in read_question("China stops graphite to Korea").notes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Chna stops graphite to Korea", "did you mean .*China"),
        ("China stops graphit to Korea", "did you mean .*graphite"),
        ("China stops acid to Korea", "did you mean .*sulphuric acid"),
        ("China stops graphite", "a sender or a target is missing"),
        ("what happens?", "a product is missing"),
        ("China stops graphite and gallium to Korea", "2 products"),
        ("Korea bans Korean steel from South Korea", "sender and target are both"),
        ("China does not stop graphite to Korea", "denies"),
        ("Chna bans galium to Japn", "(?s)gallium.*China.*Japan"),
        ("Lybia stops oil to Italy", "did you mean .*Libya"),
        ("China stps graphite to Korea", "what is done is missing.*did you mean stops"),
        ("Panama closes the canal to US ships", "closing a way"),
        ("Chinese students stop going to Australia", "'students' is a service"),
        ("China stops all trade with Japan", "geoecon levers"),
        ("China cuts graphite to Korea by 30 to 50 %", "30 to 50 %; allowed: one size"),
        ("China cuts graphite to Korea by a third to a half", "two sizes"),
        ("China cuts graphite to Korea by -20 %", "one size above 0"),
        ("China cuts graphite to Korea by 500 tonnes", "not understood: 500"),
        ("China cuts graphite to Korea from 30 % to 50 %", "takes a measure back"),
        ("The US moves its tariff on Chinese magnets from 25 % to 10 %", "takes a measure back"),
        ("China stops graphite to Korea for -5 days", "a length above 0"),
        ("China stops graphite to China", "sender and target are both China"),
        ("What if China no longer sells us graphite?", "'us' is no name of a state"),
        ("China stops graphite to Korea for 3 to 5 months", "3 to 5 months; allowed: one length"),
        ("Malaysia bans tin ore exports to China by 2027", "allowed: from 2027"),
        ("China stops natural and artificial graphite to Korea", "2 products"),
        ("Korea <- China graphite stopped", "arrow to the left"),
        ("Japanese seafood halted in China", "who acts is not said"),
        ("Australia loses its copper ore market in China", "who loses a market sells"),
        ("China suspends its ban on graphite to Korea", "takes a measure back"),
        ("China ends graphite restrictions on Korea", "takes a measure back"),
        ("China's ban on graphite to Korea ends", "takes a measure back"),
        ("China lifts its ban on gallium to the US", "takes a measure back"),
        ("China relaxes graphite controls to Korea", "takes a measure back"),
        ("China cuts its tariff on Australian wine to 10 %", "takes a measure back"),
        ("China permits graphite exports to Korea", "takes a measure back"),
        ("China raises graphite exports to Korea by 20%", "more is traded"),
        ("China stops graphite except to Korea", "makes an exception"),
        ("China stops graphite to everyone but Korea", "makes an exception"),
        ("China stops graphite to all but Korea", "makes an exception"),
        ("China stops all exports but graphite to Korea", "makes an exception"),
        ("Chile puts an export tax on Chinese copper", "goods that China sells"),
        ("China puts graphite to Korea under licences by 40 %", "cut 0.4 with licence"),
        ("Germany stops gas to the European Union", "Germany would stand twice"),
        ("China cuts graphite to Korea by 140 %", "cut 1.4"),
        ("Qatar stops LNG to Japan from 2027 until 2026", "before the start"),
        ("China boycotts Chinese graphite in Korea", "refuse its own goods"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(text, says):
    with pytest.raises(InputError, match=says):
        read_question(text)


@pytest.mark.parametrize(
    ("text", "sender", "target"),
    [
        ("China stops graphite to Germany and the EU", "CHN", "EU27"),
        ("China stops graphite to the EU and Germany", "CHN", "EU27"),
        ("China stops graphite to Germany, France and the EU", "CHN", "EU27"),
        ("Germany and the EU stop cars to China", "EU27", "CHN"),
        ("China stops graphite to Korea and the EU", "CHN", "KOR+EU27"),
    ],
)
def test_a_member_beside_its_group_is_answered_with_it(text, sender, target):
    read = read_question(text)
    assert (read.sender.code, read.target.code, read.allies) == (sender, target, ())
    inside = [note for note in read.notes if "is in the European Union, which is answered whole" in note]
    assert len(inside) == text.count("Germany") + text.count("France")
    assert any("summed" in note for note in read.notes) == ("+" in target)


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("China cuts graphite to Korea by 30 %", {"cut": 0.5}, "the words say 30% withheld.*--cut 0.5 is answered"),
        ("China stops graphite to Korea for six months", {"days": 30}, "the words say 182 days.*--days 30"),
        ("China stops graphite to Korea from March 2027", {"start": date(2028, 1, 1)}, "from 2027-03-01.*2028-01-01"),
        (
            "China puts a 25% tariff on Australian copper ore",
            {"instrument": "ban"},
            "a duty of 25%.*--measure import-ban",
        ),
    ],
)
def test_an_option_that_overrules_the_words_is_said(text, options, says):
    assert re.search(says, " ".join(with_options(read_question(text), **options).notes))
    assert not any("overrule" in note for note in with_options(read_question(text)).notes)


def test_all_faults_of_the_options_are_said_at_once():
    with pytest.raises(InputError, match=r"(?s)Atlantis.*'x'.*cut 2"):
        ask("China stops graphite to Korea", patron="Atlantis", cut=2, start="x")


@pytest.mark.parametrize(
    ("text", "sender", "instrument", "cut"),
    [
        ("Lower US imports of Russian uranium to zero", "USA", "import-ban", 1.0),
        ("The US cuts imports of uranium from Russia to nothing", "USA", "import-ban", 1.0),
        ("The US brings down its purchases of Russian uranium to zero", "USA", "import-ban", 1.0),
        ("Cut American imports of Russian uranium by 40 %", "USA", "import-ban", 0.4),
        ("The US stops buying Russian uranium", "USA", "import-ban", None),
        ("Russia cuts uranium exports to the US to zero", "RUS", "ban", 1.0),
    ],
)
def test_who_is_told_to_buy_less_acts(text, sender, instrument, cut):
    read = read_question(text)
    assert (read.sender.code, read.instrument, read.cut) == (sender, instrument, cut)


def test_who_acts_is_said_where_the_words_leave_it_open():
    notes = read_question("US imports of Russian uranium are cut to zero").notes
    assert any("who acts is not said: Russia" in note and "stops buying" in note for note in notes)


def test_a_word_of_the_name_is_not_dropped():
    assert read_question("The Netherlands stops chip machines to China").good.hs == ("8486",)
    assert read_question("Canada stops lumber to the US").good.hs == ("4407",)
    with pytest.raises(InputError, match="'car' beside machine tools may be another good"):
        read_question("Germany stops car machines to China")


LENGTHS = [
    ("for three quarters", 3 * 365 / 4),
    ("for a quarter", 365 / 4),
    ("for two quarters", 365 / 2),
    ("for three quarters of a year", 3 * 365 / 4),
    ("for a year and a half", 1.5 * 365),
    ("for two and a half years", 2.5 * 365),
    ("for one and a half years", 1.5 * 365),
    ("for 2½ years", 2.5 * 365),
    ("for thirty-six months", 3 * 365),
    ("for twenty four months", 2 * 365),
    ("for one year and six months", 1.5 * 365),
    ("for thirty days", 30),
    ("for ninety days", 90),
    ("for one hundred and twenty days", 120),
    ("for 1,000 days", 1000),
    ("for a decade", 3650),
    ("for a fortnight", 14),
    ("for a couple of months", 365 / 6),
]


@pytest.mark.parametrize(("words", "days"), LENGTHS)
def test_a_length_in_words_is_that_length_and_no_share(words, days):
    read = read_question(f"China stops gallium to Japan {words}")
    assert read.days == pytest.approx(days) and read.cut is None and read.start is None


@pytest.mark.parametrize(
    "words",
    ["for several months", "for years", "for a month or two", "for one thousand days", "for two point five years",
     "within six months", "for a year, then half a year more", "in the third quarter", "for two or three months",
     "in 99999999999 years"],
)  # fmt: skip
def test_a_length_that_is_not_understood_whole_is_refused(words):
    with pytest.raises(InputError, match="allowed: "):
        read_question(f"China stops gallium to Japan {words}")


@pytest.mark.parametrize("words", ["in six months", "after six months"])
def test_in_six_months_is_a_first_day(words):
    read = read_question(f"China stops gallium to Japan {words}")
    assert read.days is None and (read.start - date.today()).days == 182


@pytest.mark.parametrize(
    ("words", "cut"),
    [("by up to 40 %", 0.4), ("by up to a half", 0.5), ("to up to 40 %", 0.6), ("by three quarters", 0.75),
     ("by a quarter for a quarter", 0.25), ("by a sixth", 1 / 6), ("by two-fifths", 0.4), ("by three fifths", 0.6),
     ("by an eighth", 0.125), ("by 12,5 %", 0.125), ("by all", 1.0), ("to a third", 2 / 3)],
)  # fmt: skip
def test_up_to_is_a_bound_and_no_remainder(words, cut):
    assert read_question(f"China cuts gallium to Japan {words}").cut == pytest.approx(cut)


LISTS = ["China Japan gallium", "CHN JPN gallium", "China, Japan, gallium", "China - Japan - gallium",
         "China/Japan: gallium", "gallium China Japan"]  # fmt: skip


@pytest.mark.parametrize("text", LISTS)
def test_a_list_is_sender_target_good_however_it_is_written(text):
    read = read_question(text)
    assert (read.sender.code, read.target.code) == ("CHN", "JPN")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("China keeps selling graphite to Korea", "lets trade through"),
        ("China bans Korea's graphite imports", "read two ways"),
        ("If Japan boycotts China, China stops gallium to Japan", "two measures"),
    ],
)
def test_what_could_be_answered_the_wrong_way_round_is_refused(text, said):
    with pytest.raises(InputError, match=said):
        read_question(text)


def test_who_lasts_without_another_buys_from_it():
    read = read_question("How long would Korea's graphite last without China?")
    assert (read.sender.code, read.target.code) == ("CHN", "KOR")


@pytest.mark.parametrize("good", ["polarizing film", "plastic film", "video games"])
def test_a_good_that_no_list_has_is_no_service(good):
    with pytest.raises(InputError, match="a product is missing; not understood: "):
        read_question(f"Japan stops {good} to Korea")


def test_codes_of_two_letters_are_named():
    with pytest.raises(InputError, match=r"'CN' \(did you mean China.*'KR' \(did you mean .*Korea"):
        read_question("CN -> KR: 250410 stopped")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("China stops graphite to Africa", "'Africa' is a region of several states"),
        ("Latin America stops copper to China", "'Latin America' is a region of several states"),
        ("Eastern Europe stops grain to Egypt", "'Eastern Europe' is a region of several states"),
        ("The Soviet Union stops palladium to Germany", "'Soviet Union' is no state of today"),
        ("NATO stops oil to China", "'NATO' is an alliance of several states"),
        ("Who depends on China for gallium?", r"who depends on whom.*geoecon exposure --product 'gallium'.*levers CHN"),
        ("How dependent is Japan on Chinese gallium?", "who depends on whom, and no measure"),
        ("中国对日本停止出口镓", "in another script; allowed: English words"),
    ],
)
def test_what_is_no_state_or_no_measure_is_refused_with_what_answers(question, told):
    with pytest.raises(InputError, match=told):
        read_question(question)


@pytest.mark.parametrize(
    ("question", "good", "hs"),
    [
        ("Rwanda stops coltan to China", "tantalum_ore", ("261590",)),
        ("China stops polysilicon to Germany", "polysilicon", ("280461",)),
        ("China stops vitamin C to the United States", "vitamin_c", ("293627",)),
        ("Chile nationalises lithium and stops it to Korea", "lithium", ("282520", "283691")),
    ],
)
def test_a_good_is_the_one_that_its_name_says(question, good, hs):
    read = read_question(question)
    assert (read.good.id, read.good.hs) == (good, hs)
    assert not any("a product of it has another code" in note for note in read.notes)


def test_a_firm_is_told_with_the_article_of_its_state():
    assert (
        "Tesla is a firm of the United States: the question is asked of all of the United States"
        in read_question("Tesla stops cars to China").notes
    )


def test_the_rows_that_ship_answer_for_a_chapter_and_the_code_without_rows_is_named():
    """Of seventeen codes sixteen have rows: a third of Japan's imports of them came from China in 2024."""
    rows = rows_for("China", "Japan", "25", "2026-06-01")
    assert rows.basis == "rows" and rows.share == pytest.approx(0.33, abs=0.005) and "HS 250390" in rows.note


def test_a_state_that_no_table_holds_is_refused_with_a_way_out():
    with pytest.raises(InputError, match=r"Nauru.*geoecon data update"):
        ask("Fiji stops water to Nauru", draws=2)


@pytest.mark.parametrize("region", ["North America", "Latin America", "East Asia"])
def test_a_region_beside_a_state_is_never_left_out(region):
    with pytest.raises(InputError, match=f"'{region}' is a region of several states"):
        read_question(f"Russia stops gas to Germany and {region}")
