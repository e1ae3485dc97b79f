// Test functions of pypa/packaging that ask for something `pep` does not have, each with the reason. The ends of
// their ids; a function that is in no list is reported as unknown.

const MACHINE = "asks the running interpreter or the C library; done by the package that looks at machines";
const ELF = "reads ELF executables; done by the package that looks at machines";
const OBJECTS = "protocol of Python objects (operators with foreign types, pickling, caches)";
const REPRESENTATION = "how a Python object shows itself";

export const leftOutReasons: ReadonlyMap<string, string> = new Map([
  ["test_elffile.py::test_elffile_glibc", ELF],
  ["test_elffile.py::test_elffile_musl", ELF],
  ["test_elffile.py::test_elffile_bad_ident", ELF],
  ["test_manylinux.py::test_module_declaration", MACHINE],
  ["test_manylinux.py::test_module_declaration_missing_attribute", MACHINE],
  ["test_manylinux.py::test_check_glibc_version_warning", MACHINE],
  ["test_manylinux.py::test_glibc_version_string", MACHINE],
  ["test_manylinux.py::test_glibc_version_string_confstr_fail", MACHINE],
  ["test_manylinux.py::test_parse_elf_bad_executable", ELF],
  ["test_musllinux.py::test_parse_musl_version", MACHINE],
  ["test_musllinux.py::test_get_musl_version", MACHINE],
  ["test_markers.py::TestNode::test_accepts_value", OBJECTS],
  ["test_markers.py::TestNode::test_str", OBJECTS],
  ["test_markers.py::TestNode::test_repr", REPRESENTATION],
  ["test_ranges.py::TestEquality::test_repr", REPRESENTATION],
  [
    "test_specifiers.py::TestSpecifierSet::test_set_relations_raise_on_prerelease_policy_mismatch",
    "a policy for pre-releases is given with each question and is no part of a set",
  ],
  [
    "test_specifiers.py::TestSpecifierSet::test_set_relations_require_specifierset",
    "the types of arguments are checked before anything runs",
  ],
  [
    "test_specifiers.py::TestSpecifierSet::test_set_relations_reject_arbitrary_equality",
    "`===` has the one version it may be as its set of versions, by which it is compared",
  ],
  ["test_specifiers.py::TestSpecifierInternal::test_spec_version_cache_consistency", OBJECTS],
  ["test_specifiers.py::TestSpecifierInternal::test_spec_version_cache_with_wildcards", OBJECTS],
  ["test_specifiers.py::TestSpecifierInternal::test_spec_version_cache_with_arbitrary_equality", OBJECTS],
  ["test_specifiers.py::TestSpecifierInternal::test_spec_version_cache_compatible_operator", OBJECTS],
  ["test_specifiers.py::test_specifier_construction_is_lazy", OBJECTS],
  ["test_specifiers.py::test_specifierset_construction_is_lazy", OBJECTS],
  ["test_tags.py::TestMacOSPlatforms::test_architectures", MACHINE],
  ["test_tags.py::TestManylinuxPlatform::test_linux_platforms_not_manylinux_abi", MACHINE],
  ["test_tags.py::test_platform_tags", MACHINE],
  ["test_tags.py::TestCPythonABI::test_debug", MACHINE],
  ["test_tags.py::TestCPythonABI::test__debug_cp38", MACHINE],
  ["test_tags.py::TestCPythonABI::test_pymalloc", MACHINE],
  ["test_tags.py::TestCPythonABI::test_wide_unicode", MACHINE],
  ["test_tags.py::TestCPythonTags::test_skip_redundant_abis", "the ABIs of CPython follow from its version"],
  ["test_tags.py::TestGenericTags::test__generic_abi_error", MACHINE],
  ["test_tags.py::TestGenericTags::test__generic_abi_cpython_missing_version", MACHINE],
  ["test_tags.py::TestSysTags::test_interpreter_name", MACHINE],
  ["test_tags.py::TestSysTags::test_linux_platforms_not_manylinux_abi", MACHINE],
  ["test_tags.py::TestSysTags::test_linux_use_manylinux_compatible", MACHINE],
  ["test_tags.py::TestBitness::test_32bit_interpreter", MACHINE],
  [
    "test_tags.py::test_create_compatible_tags_selector",
    "wheels are chosen by the priority of their tags where they are chosen, not by a function of its own",
  ],
  [
    "test_utils.py::test_parse_wheel_unsorted_tags_invalid_with_validate",
    "the order of compressed tags is a rule for writers; no reader refuses others",
  ],
  [
    "test_version.py::TestVersion::test_non_string_versions_raise_invalid_version",
    "the types of arguments are checked before anything runs",
  ],
  ["test_version.py::TestVersion::test_dunder_op_returns_notimplemented", OBJECTS],
  ["test_version.py::TestVersion::test_compare_other", OBJECTS],
  ["test_version.py::TestVersion::test_base_version_notimplemented_with_non_base_version", OBJECTS],
  [
    "test_licenses.py::test_license_parentheses_exceed_nesting_limit",
    "expressions are read without recursion, so their depth has no limit but their length",
  ],
  [
    "test_markers.py::TestMarker::test_parses_invalid_too_deeply_nested",
    "markers are read without recursion, so their depth has no limit but their length",
  ],
]);
