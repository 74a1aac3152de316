"""Links labelled sets in the clear with Splink and with anonlink/clkhash, on the fields and files that a job names.

Reads a job as JSON from standard input, prints seconds, peak memory and F1 over all true pairs as JSON.
Nothing is tuned to a set: Splink's own comparisons, EM and a one-to-one choice at probability one half; a CLK of
1,024 bits with a threshold of .8.
"""
import csv, io, json, os, re, resource, sys, time

job = json.load(sys.stdin)
tool = job["tool"]
FIELDS = [name for name in job["sources"][0]["fields"]]


def rows_of(source):
    with open(source["path"], newline="", encoding="utf-8-sig") as file:
        rows = [{k: (v or "").strip().lower() for k, v in row.items()} for row in csv.DictReader(file)]
    pattern = source["truth"].get("pattern")
    truth = []
    for row in rows:
        text = row[source["truth"]["column"]]
        found = re.search(pattern, text) if pattern else None
        truth.append(found.group(1) if found else text)
    return [{name: row.get(column) or None for name, column in source["fields"].items()} for row in rows], truth


def splink(left, right):
    import pyarrow as arrow
    from splink import Linker, SettingsCreator, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI
    import splink.comparison_library as cl

    def table(rows):
        return arrow.table({"unique_id": list(range(len(rows))), **{f: [r[f] for r in rows] for f in FIELDS}})

    comparisons = []
    for field in FIELDS:
        if field in ("first", "last"):
            comparisons.append(cl.NameComparison(field).configure(term_frequency_adjustments=True))
        elif field == "dob":
            comparisons.append(cl.DamerauLevenshteinAtThresholds(field, [1, 2]))
        elif field in ("street", "city"):
            comparisons.append(cl.JaroWinklerAtThresholds(field, [0.9, 0.8]))
        else:
            comparisons.append(cl.ExactMatch(field))
    rules = [
        block_on("first", "dob"),
        block_on("dob"),
        block_on("first", "last"),
        block_on("last", "substr(dob, 1, 4)"),
        block_on("first", "substr(dob, 1, 4)"),
        block_on("last", "substr(dob, 5, 4)"),
        block_on("first", "substr(dob, 5, 4)"),
    ]
    if "zip" in FIELDS:
        rules += [block_on("first", "zip"), block_on("last", "zip")]
    settings = SettingsCreator(link_type="link_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules)
    api = DuckDBAPI()
    frames = [api.register(table(rows), dataset_display_name=name) for rows, name in ((left, "a"), (right, "b"))]
    linker = Linker(frames, settings, log_level=50)
    linker.training.estimate_probability_two_random_records_match([rules[0]], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (rules[0], rules[2]):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.5).as_record_list()
    pairs = []
    for each in predicted:
        ids = {each["source_dataset_l"]: each["unique_id_l"], each["source_dataset_r"]: each["unique_id_r"]}
        pairs.append((each["match_probability"], ids["a"], ids["b"]))
    return one_to_one(pairs)


def one_to_one(pairs):
    left, right, chosen = set(), set(), []
    for _, a, b in sorted(pairs, reverse=True):
        if a not in left and b not in right:
            left.add(a)
            right.add(b)
            chosen.append((a, b))
    return chosen


def anonlink(left, right):
    from clkhash import clk, comparators, field_formats, schema
    import anonlink as linkage

    def feature(name):
        hashing = field_formats.FieldHashingProperties(
            comparator=comparators.NgramComparison(2), strategy=field_formats.BitsPerFeatureStrategy(200)
        )
        return field_formats.StringSpec(name, hashing)

    layout = schema.Schema([feature(name) for name in FIELDS], 1024)

    def clks(rows):
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(FIELDS)
        writer.writerows([[row[f] or "" for f in FIELDS] for row in rows])
        out.seek(0)
        return clk.generate_clk_from_csv(out, "a key of this run alone", layout, validate=False, progress_bar=False)

    found = linkage.candidate_generation.find_candidate_pairs(
        [clks(left), clks(right)], linkage.similarities.dice_coefficient, 0.8
    )
    groups = linkage.solving.greedy_solve(found)
    return [(a, b) for group in groups for (x, a) in group for (y, b) in group if x < y]


left, truth_left = rows_of(job["sources"][0])
right, truth_right = rows_of(job["sources"][1])
started = time.time()
links = {"splink": splink, "anonlink": anonlink}[tool](left, right)
seconds = time.time() - started
counts = {}
for each in truth_right:
    counts[each] = counts.get(each, 0) + 1
true_pairs = sum(counts.get(each, 0) for each in truth_left)
correct = sum(truth_left[a] == truth_right[b] for a, b in links)
precision, recall = correct / max(1, len(links)), correct / max(1, true_pairs)
f1 = 0 if correct == 0 else 2 * precision * recall / (precision + recall)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"precision": precision, "recall": recall, "f1": f1, "seconds": seconds, "peak_mb": peak}))
