# `cmake --install`: the headers and what find_package(typegrad) reads.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/typegrad)
install(TARGETS typegrad typegrad_cuda EXPORT typegrad
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILE_SET cuda_headers DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT typegrad NAMESPACE typegrad:: FILE typegrad-targets.cmake DESTINATION ${package_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/typegrad-config.cmake.in
  ${PROJECT_BINARY_DIR}/typegrad-config.cmake INSTALL_DESTINATION ${package_dir})
# Before 1.0 a minor version may break programs.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/typegrad-config-version.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/typegrad-config.cmake
              ${PROJECT_BINARY_DIR}/typegrad-config-version.cmake
              ${PROJECT_SOURCE_DIR}/cmake/typegrad.cmake
        DESTINATION ${package_dir})

# pkg-config, which finds the headers from where its file lies.
file(RELATIVE_PATH relative_prefix /${CMAKE_INSTALL_DATADIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" relative_prefix "${relative_prefix}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/typegrad.pc.in ${PROJECT_BINARY_DIR}/typegrad.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/typegrad.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)

# vcpkg reads the version from a file of its own.
file(READ ${PROJECT_SOURCE_DIR}/cmake/vcpkg/typegrad/vcpkg.json port)
string(JSON port_version GET "${port}" version-semver)
if(NOT port_version VERSION_EQUAL PROJECT_VERSION)
  message(FATAL_ERROR "cmake/vcpkg/typegrad/vcpkg.json says ${port_version}, config.hpp ${PROJECT_VERSION}")
endif()
