"""A second resolver of the law, written as a plain loop over the rows of the CSV files. It shares no code with the
product: no index, no cache, no step functions. It knows no names of parties and presumes nothing."""

import csv
from datetime import date
from importlib.resources import files

UNKNOWN = "unknown"
OUT = ("suspended", "not_enforced", "stayed", "rescinded")
WIDER = {"nuclear": "wmd", "missile": "wmd", "chemical_biological": "wmd", "conventional_military": "military"}
ARMS = {"wmd", "military", "military_in_embargoed_place", "raises_military_strength", "terrorism",
        "parts_of_unlicensed_military_exports"}  # fmt: skip


def tables(name):
    found = {}
    for file in (files("geoecon") / "law" / "regimes" / name).iterdir():
        if file.name.endswith(".csv"):
            with file.open(encoding="utf-8") as lines:
                found[file.name[:-4]] = list(csv.DictReader(lines))
    return found


def strictness():
    with (files("geoecon") / "law" / "regimes" / "kinds.csv").open(encoding="utf-8") as lines:
        return {row["kind"]: int(row["strictness"]) for row in csv.DictReader(lines)}


RANK = strictness()


def parts(cell):
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


def live(row, day):
    return (not row["valid_from"] or row["valid_from"] <= day) and (not row["valid_to"] or day < row["valid_to"])


READ_ON = []  # as if every row had been read to the end


def past(row, day):
    return not READ_ON and bool(row.get("known_through")) and day > row["known_through"]


def some(answers):
    answers = list(answers)
    return True if True in answers else None if None in answers else False


class Law:
    def __init__(self, name):
        self.t = tables(name)
        self.items = {row["code"]: row for row in self.t["control_item"]}

    def get(self, table):
        return self.t.get(table, [])

    def chain(self, code):
        found = [code]
        while self.items[found[-1]]["parent"] and self.items[found[-1]]["parent"] not in found:
            found.append(self.items[found[-1]]["parent"])
        return found

    def member(self, system, group, place, day):
        heads = [r for r in self.get("place_group") if (r["system"], r["group"]) == (system, group) and live(r, day)]
        if not heads:
            return False
        if all(past(row, day) for row in heads):
            return None
        if heads[0]["member_rule"] == "complement":
            known = {(r["system"], r["group"]) for r in self.get("place_group")}
            names = [
                (system, name) if (system, name) in known or ":" not in name else tuple(name.split(":", 1))
                for name in parts(heads[0]["complement_of"])
            ]
            inside = some(self.member(one, other, place, day) for one, other in names)
            return None if inside is None else not inside
        verdict = False
        for row in self.get("group_member"):
            if (row["system"], row["group"], row["place"]) != (system, group, place):
                continue
            if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"]):
                if (not row["from_latest"] or day >= row["from_latest"]) and not past(row, day):
                    return True
                verdict = None
            elif row["valid_to"] and row["to_latest"] and row["valid_to"] <= day < row["to_latest"]:
                verdict = None
        return verdict

    def within(self, names, system, place, day):
        return some(True if name in ("*", place) else bool(system) and self.member(system, name, place, day)
                    for name in names)  # fmt: skip

    def suspended(self, kind, target, day):
        ended = False
        for row in self.get("suspension"):
            if (row["target_kind"], row["target"]) == (kind, target) and row["state"] in OUT:
                if live(row, day):
                    return None if past(row, day) else True
                ended = ended or (bool(row["valid_to"]) and row["valid_to"] <= day and row["after_state"] == "unknown")
        return None if ended else False

    # --- facts ---------------------------------------------------------------------------------------------------

    @staticmethod
    def test(text, facts):
        for sign in (">=", "<=", ">", "<", "="):
            if sign in text:
                name, value = (part.strip() for part in text.split(sign, 1))
                break
        if facts.get(name) is None:
            return None
        try:
            said, limit = float(facts[name]), float(value)
        except ValueError:
            return str(facts[name]) == value
        return {">=": said >= limit, "<=": said <= limit, ">": said > limit, "<": said < limit, "=": said == limit}[
            sign
        ]

    def met(self, condition, facts):
        verdict = True
        for clause in (condition or "").split(";") if condition else []:
            answers = [self.test(one, facts) for one in clause.split("|")]
            if True in answers:
                continue
            if None not in answers:
                return False
            verdict = None
        return verdict

    def tests_of(self, code, day):
        return [row for row in self.get("item_param") if code in parts(row["item"]) and live(row, day)]

    def limits(self, rows, facts):
        """(what the sets of tests say, whether any of them was spoken of)."""
        verdicts, said = [], False
        for name in dict.fromkeys(row["set"] for row in rows):
            tests = [row for row in rows if row["set"] == name]
            answers = [self.test(f"{r['attribute']}{r['operator']}{float(r['threshold'])}", facts) for r in tests]
            elsewhere = {row["attribute"] for row in rows if row["set"] != name}
            touched = any(row["attribute"] in facts or row["attribute"] in elsewhere for row in tests)
            verdict = False if False in answers else None if None in answers else True
            if verdict:
                return [True], True
            if touched or verdict is False:
                verdicts.append(verdict)
                said = True
        return verdicts, said

    def raised(self, code, facts, day):
        """(the item above whose limits the facts meet, else this one; whether one above is open)."""
        open_ = False
        if any(code in parts(row["item"]) for row in self.get("item_param")):
            for row in self.get("item_param"):
                if row["if_false"] == code and live(row, day):
                    for name in parts(row["item"]):
                        top = self.raised(name, facts, day)[0]
                        verdicts = self.limits(self.tests_of(top, day), facts)[0]
                        if True in verdicts:
                            return top, False
                        open_ = open_ or None in verdicts
        return code, open_

    def classify(self, code, facts, day):
        """(item that the facts lead to, whether the limits are known)."""
        code, open_ = self.raised(code, facts, day)
        sure, seen = True, {code}
        while True:
            rows = self.tests_of(code, day)
            if not rows:
                return code, sure
            verdicts, said = self.limits(rows, facts)
            sure = sure and not (said and any(past(row, day) for row in rows))
            if True in verdicts or not verdicts or None in verdicts or open_ or rows[0]["if_false"] in seen:
                return code, sure
            code = rows[0]["if_false"]
            seen.add(code)

    # --- rules ---------------------------------------------------------------------------------------------------

    def matches(self, code, listed, q):
        """(row, kind, met, doubt) of every rule that bears on the question."""
        day, facts = q["day"], q["facts"]
        chain = self.chain(code)
        if not listed:
            free = [self.items[name]["listed"] == "no" for name in chain]
            chain = [name for at, name in enumerate(chain) if name == code or any(free[: at + 1])]
        reasons = {f"reason:{reason}" for reason in parts(self.items[code]["reasons"])}
        names = set(self.chain(code)) | reasons if listed else set(chain)
        lists = parts(facts.get("party_list"))
        for row in self.get("licence_rule"):
            if row["state"] not in ("in_force", "unread") or not live(row, day) or not names & set(parts(row["item"])):
                continue
            if set(parts(row["item_except"])) & set(chain) or row["authority_place"] not in ("", q["from"]):
                continue
            if row["group_of"] == "end_user_parent" and "parent_place" not in facts:
                continue
            place = facts["parent_place"] if row["group_of"] == "end_user_parent" else q["to"]
            if row["place"] not in ("", "*", place):
                continue
            inside = (
                some(self.member(row["system"], g, place, day) for g in parts(row["group"])) if row["group"] else True
            )
            outside = some(self.member(row["system"], g, place, day) for g in parts(row["group_except"]))
            if inside is False or outside is True:
                continue
            if any(row[name] not in ("", "any", facts.get(name)) for name in ("end_user_class", "end_use_class")):
                continue
            if row["party_list"] and row["party_list"] not in lists:
                continue
            out = self.suspended("rule", row["rule_id"], day)
            if out:
                continue
            doubt = inside is None or outside is None or past(row, day) or out is None or row["state"] == "unread"
            met = self.met(row["condition"], facts)
            kind = row["fallback_kind"] or row["kind"] if met is False and row["effect"] != "exception" else row["kind"]
            yield row, kind, met, doubt

    @staticmethod
    def outcome(found):
        """(kind, row, met) that decides among rows that hold; None where there is none."""

        def rank(one):
            return RANK[one[1]], float(one[0]["priority"] or 0), one[0]["place"] not in ("", "*")

        needed = [one for one in found if one[0]["effect"] != "exception"]
        lifting = [one for one in found if one[0]["effect"] == "exception" and one[2]]
        if not needed:
            return None
        top = max(needed, key=rank)
        if not lifting:
            return top
        best = min(lifting, key=lambda one: (RANK[one[1]], -float(one[0]["priority"] or 0)))
        limit = float(best[0]["priority"] or 0)
        lifted = [
            one for one in needed if one[0]["effect"] == "requirement" and float(one[0]["priority"] or 0) <= limit
        ]
        if not lifted or max(RANK[one[1]] for one in lifted) <= RANK[best[1]]:
            return top
        return max([one for one in needed if one not in lifted] + [best], key=rank)

    def decide(self, code, listed, q):
        found = list(self.matches(code, listed, q))
        sure = [one for one in found if not one[3]]
        base = self.outcome(sure)
        if base is None:
            return None
        opened = [one for one in found if one[3] and (one[0]["effect"] != "exception" or one[2])]
        for more in [[one] for one in opened] + [opened]:
            other = self.outcome(sure + more)
            if other is not None and other[1] != base[1]:
                return None
        return base

    # --- catch-all, gaps, the answer -------------------------------------------------------------------------------

    def caught(self, code, q):
        """(kind that a pulled trigger asks, whether one may be pulled and it cannot be told)."""
        day, facts = q["day"], q["facts"]
        best, doubt = None, False
        said = set(parts(facts.get("catch_all_trigger")))
        said |= {"suspicion"} if "knowledge" in said else set()
        said |= {"end_user_list"} if any("end-user-list" in name for name in parts(facts.get("party_list"))) else set()
        told = parts(facts.get("catch_all_use"))
        for row in self.get("catch_all"):
            own = bool(set(self.chain(code)) & set(parts(row["item"])))
            named = facts.get("named_goods")
            if not live(row, day) or not (own or (self.part_of(row, code) and named != "no")):
                continue
            uses = parts(row["end_use"])
            alike = not told or not uses or any(
                use == name or WIDER.get(use) == name or WIDER.get(name) == use
                for use in told for name in uses if name != "military_in_embargoed_place")  # fmt: skip
            pulled = bool(said & set(parts(row["trigger"]))) and alike
            embargo = {"yes": True, "no": False}.get(facts.get("arms_embargo"))
            if "military_in_embargoed_place" in uses and embargo is None:
                embargo = self.member("EU", "arms_embargo", q["to"], day) or None
            military = any(name in ("military", "conventional_military") for name in uses)
            military = military or ("military_in_embargoed_place" in uses and embargo is not False)
            weak = (
                "suspicion" in said and "knowledge" in parts(row["trigger"]) and not said & set(parts(row["trigger"]))
            )
            armed = bool({"military", "conventional_military"} & set(told))
            if weak and (alike or ("military_in_embargoed_place" in uses and armed and embargo is not False)):
                pulled = None
            elif not said & set(parts(row["trigger"])) and not told and facts.get("end_user_class") == "military":
                pulled = None if military and "knowledge" in parts(row["trigger"]) else False
            if said & set(parts(row["trigger"])) and not alike and "military_in_embargoed_place" in uses:
                pulled = embargo if {"military", "conventional_military"} & set(told) else False
            barred = self.within(parts(row["exempt"]), row["system"], q["to"], day)
            inside = self.within(parts(row["applies_to"]), row["system"], q["to"], day)
            if past(row, day) or barred is None or (inside is None and not barred):
                doubt = doubt or (own and pulled is not False)
            elif not own and named != "yes":  # whether the goods are the narrower ones of the row was not said
                doubt = doubt or (inside and not barred and pulled is not False)
            elif (inside and not barred) or (barred and not row["applies_to"]):
                best = row["kind"] if pulled and (best is None or RANK[row["kind"]] > RANK[best]) else best
                doubt = doubt or pulled is None
        return best, doubt

    def part_of(self, row, code):
        """Whether a row names goods that are part of the item, or that may be it: both are goods that no list names."""
        wide = {code} | ({"UNLISTED", "EAR99"} & set(self.chain(code)))
        return any(wide & set(self.chain(name)[1:]) for name in parts(row["item"]) if name in self.items)

    def exempt(self, code, q):
        """Whether the tables take the place out of the catch-all, and no row of it covers the place."""
        barred = covers = False
        for row in self.get("catch_all"):
            if live(row, q["day"]) and (set(self.chain(code)) | {"UNLISTED", "ANY"} | self.under(code)) & set(
                parts(row["item"])
            ):
                out = self.within(parts(row["exempt"]), row["system"], q["to"], q["day"])
                inside = self.within(parts(row["applies_to"]), row["system"], q["to"], q["day"])
                if past(row, q["day"]) or out is None or (inside is None and not out):
                    continue
                barred, covers = barred or out, covers or (bool(inside) and not out)
        return barred and not covers

    def under(self, code):
        return {name for name in self.items if code in self.chain(name)[1:]}

    def gap(self, code, q):
        names = set(self.chain(code)) | {f"reason:{reason}" for reason in parts(self.items[code]["reasons"])}
        told = parts(q["facts"].get("catch_all_use"))
        told = told or (["military"] if q["facts"].get("end_user_class") == "military" else [])

        def used(row):
            return not row["end_use"] or any(use == name or WIDER.get(use) == name or WIDER.get(name) == use
                                             for use in told for name in parts(row["end_use"]))  # fmt: skip

        return any(
            used(row)
            and live(row, q["day"]) and names & set(parts(row["item"])) and not names & set(parts(row["item_except"]))
            and row["place"] in ("", "*", q["to"]) and row["authority_place"] in ("", q["from"])
            and (not row["group"] or some(self.member(row["system"], g, q["to"], q["day"]) for g in parts(row["group"]))
                 is not False)
            for row in self.get("gap")
        )  # fmt: skip

    def answer(self, q):
        """The kind of licence, or unknown: for goods of which the list asks nothing at least that of other goods."""
        leaves = {"export_from_us": "yes" if q["from"] == "USA" else "no"}  # which the exporter tells
        q = q | {"facts": leaves | q["facts"]}
        kind = self.of_item(q)
        outside = next((code for code in ("UNLISTED", "EAR99") if code in self.items), None)
        code = self.classify(q["item"], q["facts"], q["day"])[0] if kind == "none" else ""
        if kind == "none" and outside and q["from"] != q["to"] and outside not in self.chain(code):
            other = self.of_item(q | {"item": outside})
            if other == UNKNOWN:  # a row that was read less far is no doubt
                READ_ON.append(True)
                other = "none" if self.of_item(q | {"item": outside}) == "none" else UNKNOWN
                READ_ON.clear()
            return other
        return kind

    def of_item(self, q):
        day = q["day"]
        if q["from"] == q["to"]:
            return "none"  # no export
        head = self.get("regime")
        if day < min(row["valid_from"] for row in head) or (
            not READ_ON and day > max(row["known_through"] for row in head)
        ):
            return UNKNOWN
        code, limits = self.classify(q["item"], q["facts"], day)
        out = self.suspended("item", code, day)
        in_list = False if not live(self.items[code], day) else None if out is None else not out
        winner = self.decide(code, in_list is not False, q)
        if in_list is None:
            other = self.decide(code, False, q)
            winner = winner if winner and other and winner[1] == other[1] else None
        if past(self.items[code], day) or not limits:
            winner = None
        kind, doubt = self.caught(code, q)
        if kind is not None and (winner is None or RANK[kind] > RANK[winner[1]]):
            return kind
        if winner is None or (winner[1] != "prohibited" and self.gap(code, q)):
            return UNKNOWN
        if any(
            one[2] is None and one[1] == "none" and RANK.get(one[0]["fallback_kind"], 0) > RANK[winner[1]]
            for one in self.matches(code, in_list is not False, q)
        ):  # fmt: skip
            return UNKNOWN
        if RANK[winner[1]] < RANK["individual"]:
            open_ = q["facts"].get("notice_received") == "yes" or (
                "inform_notice" in parts(q["facts"].get("catch_all_trigger")) and not self.exempt(code, q)
            )
            told = parts(q["facts"].get("catch_all_use") or q["facts"].get("end_use_class"))
            arms = q["facts"].get("end_user_class") == "military" or any(
                use in ARMS or WIDER.get(use) in ARMS for use in told)  # fmt: skip
            if arms and winner[1] != "none" and winner[0]["end_use_class"] in ("", "any"):
                return UNKNOWN
            asked = {rule["party_list"] for rule in self.get("licence_rule")}
            unruled = any(
                row["list"] in parts(q["facts"].get("party_list")) and row["list"] not in asked
                and "end-user-list" not in row["list"] and live(row, day) for row in self.get("party_list")
            )  # fmt: skip
            known = {use for row in self.get("catch_all") for use in parts(row["end_use"])}
            known |= {row["end_use_class"] for row in self.get("licence_rule")} - {"", "any"}
            known |= {use for row in self.get("reach") for use in parts(row.get("end_use"))}
            told = q["facts"].get("catch_all_use") or q["facts"].get("end_use_class")
            strange = self.get("catch_all") and any(
                use != "civil" and not any(use == name or WIDER.get(use) == name or WIDER.get(name) == use
                                           for name in known - {"military_in_embargoed_place"})
                for use in parts(told))  # fmt: skip
            if doubt or open_ or unruled or strange:
                return UNKNOWN
        return winner[1]


def day_of(number):
    return date.fromordinal(number).isoformat()
