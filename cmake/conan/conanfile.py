# typegrad as a package of Conan 2: conan create cmake/conan
import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load, save

ROOT = os.path.join('..', '..')
MODULES = 'share/cmake/typegrad'


class Typegrad(ConanFile):
    name = 'typegrad'
    description = 'Networks are types. The C++ compiler is the deep-learning compiler.'
    license = 'MIT'
    topics = ('deep-learning', 'neural-networks', 'header-only', 'cpp20')
    package_type = 'header-library'
    settings = 'os', 'arch', 'compiler', 'build_type'
    no_copy_source = True

    def set_version(self):
        config = load(self, os.path.join(self.recipe_folder, ROOT, 'include/typegrad/core/config.hpp'))
        self.version = '.'.join(re.findall(r'#define TYPEGRAD_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)', config))

    def export_sources(self):
        for pattern in ('include/typegrad/*', 'cmake/typegrad.cmake', 'LICENSE'):
            copy(self, pattern, os.path.join(self.recipe_folder, ROOT), self.export_sources_folder)

    def requirements(self):
        self.requires('eigen/[>=3.4 <4]', transitive_headers=True)
        self.requires('zlib/[>=1.2.11 <2]', transitive_headers=True, transitive_libs=True)

    def package_id(self):
        self.info.clear()

    def validate(self):
        check_min_cppstd(self, 20)

    def package(self):
        copy(self, 'LICENSE', self.source_folder, os.path.join(self.package_folder, 'licenses'))
        copy(self, '*', os.path.join(self.source_folder, 'include'), os.path.join(self.package_folder, 'include'))
        copy(self, 'typegrad.cmake', os.path.join(self.source_folder, 'cmake'),
             os.path.join(self.package_folder, MODULES))
        save(self, os.path.join(self.package_folder, MODULES, 'standard.cmake'),
             'target_compile_features(typegrad::typegrad INTERFACE cxx_std_20)\n')

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property('cmake_build_modules', [f'{MODULES}/typegrad.cmake', f'{MODULES}/standard.cmake'])
        if self.settings.os in ('Linux', 'FreeBSD'):
            self.cpp_info.system_libs = ['pthread']
